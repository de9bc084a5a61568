/**
 * The SDK's clients, each loaded when it is first asked for. In a bundle this module is kept as text until then (see
 * shared/dev/build.mjs): Node would otherwise spend more time on reading the SDK than most runs take as a whole.
 */
export const sdk = {
  ecs: () => import('@aws-sdk/client-ecs'),
  ecr: () => import('@aws-sdk/client-ecr'),
  codedeploy: () => import('@aws-sdk/client-codedeploy'),
  elb: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  cloudwatch: () => import('@aws-sdk/client-cloudwatch'),
  logs: () => import('@aws-sdk/client-cloudwatch-logs'),
  sts: () => import('@aws-sdk/client-sts'),
  retry: () => import('@smithy/core/retry'),
  schema: () => import('@smithy/core/schema'),
};
