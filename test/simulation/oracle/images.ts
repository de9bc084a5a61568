const repository = '123456789012.dkr.ecr.us-west-2.amazonaws.com/web';

/** What the runs deploy, by the names of their contents: tags, which may move. */
export const imageOf = {
  running: `${repository}:1.27`,
  new: `${repository}:1.28`,
  newer: `${repository}:1.29`,
} as const;
