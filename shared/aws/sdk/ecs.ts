export { ECS } from '@aws-sdk/client-ecs';
