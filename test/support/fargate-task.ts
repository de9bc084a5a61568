/** A container that a load balancer sends requests to; its image is filled in by a later step. */
export const webContainer = (name: string) => ({
  name,
  image: 'filled-in',
  essential: true,
  portMappings: [{ containerPort: 80 }],
});

/** The task definition of a team that runs on Fargate, as it is kept in a repository, with one such container by default. */
export const fargateTask = (family: string, containerDefinitions: readonly object[] = [webContainer(family)]) => ({
  family,
  executionRoleArn: 'arn:aws:iam::123456789012:role/AppRole',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions,
});
