export { CloudWatch } from '@aws-sdk/client-cloudwatch';
