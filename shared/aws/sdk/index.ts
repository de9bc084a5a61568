/**
 * The SDK's clients, each loaded when it is first asked for, with nothing beside it. In a bundle they are kept as text until
 * then (see shared/dev/bundle): Node would otherwise spend more time on reading the SDK than most runs take as a whole.
 */
export const sdk = {
  ecs: () => import('./ecs'),
  ecr: () => import('./ecr'),
  codedeploy: () => import('./codedeploy'),
  elb: () => import('./elb'),
  cloudwatch: () => import('./cloudwatch'),
  logs: () => import('./logs'),
  sts: () => import('./sts'),
  retry: () => import('./retry'),
  schema: () => import('./schema'),
};
