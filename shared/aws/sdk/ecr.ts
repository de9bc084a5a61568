export { ECR } from '@aws-sdk/client-ecr';
