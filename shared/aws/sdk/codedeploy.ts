export { CodeDeploy } from '@aws-sdk/client-codedeploy';
