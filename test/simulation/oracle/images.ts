/** What the runs deploy, by the names of their contents. */
export const imageOf = {
  running: 'public.ecr.aws/nginx/nginx:1.27',
  new: 'public.ecr.aws/nginx/nginx:1.28',
  newer: 'public.ecr.aws/nginx/nginx:1.29',
} as const;
