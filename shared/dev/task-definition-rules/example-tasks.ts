import type { JsonObject } from '../../task-definition/document';

/** A task of one container, with the parts given in place of its own. */
export const ec2 = (task: object = {}, container: object = {}, ...more: object[]): JsonObject =>
  ({
    family: 'web',
    containerDefinitions: [{ name: 'app', image: 'app:1', memory: 128, ...container }, ...more],
    ...task,
  }) as JsonObject;

/** What makes a task fit for Fargate. */
export const onFargate = { requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512' };

/** A task for Fargate. */
export const fargate = (task: object = {}, container: object = {}): JsonObject =>
  ec2({ ...onFargate, ...task }, container);

/** A task as of `ec2`, with the parts of the container first. */
export const withContainer = (container: object, task: object = {}): JsonObject => ec2(task, container);
