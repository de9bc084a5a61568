export { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
