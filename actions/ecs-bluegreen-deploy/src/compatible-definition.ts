import { defaulted, optional, outsideCodeCatalyst } from '../../../shared/manifest/definition';
import { choice, flag, jsonObject, jsonObjects, list, number, text } from '../../../shared/manifest/types';

/** As in aws-actions/amazon-ecs-deploy-task-definition, so that a workflow of it needs another `uses:` line only. */
const compatible = { group: 'As in amazon-ecs-deploy-task-definition', hosts: outsideCodeCatalyst };
const task = {
  group: 'A task before the deployment, as in amazon-ecs-deploy-task-definition',
  hosts: outsideCodeCatalyst,
};

/** Inputs of aws-actions/amazon-ecs-deploy-task-definition, which CodeCatalyst does not have. */
export const compatibleInputs = {
  'register-only': defaulted(flag, false, {
    ...compatible,
    description: 'Register the task definition and deploy nothing, in place of a service.',
  }),
  'wait-for-service-stability': optional(flag, {
    ...compatible,
    description: 'false waits for nothing, as wait-until: none. true is the default behavior.',
  }),
  'wait-max-delay-seconds': optional(number({ min: 0, fraction: true }), {
    ...compatible,
    description: 'Longest time between two polls of the deployment, if poll-interval-seconds is longer.',
  }),
  'max-retries': optional(number({ min: 0 }), {
    ...compatible,
    description: 'Attempts for each request to AWS. Default and minimum: 6.',
  }),
  'keep-null-value-keys': optional(list(), {
    ...compatible,
    description: 'Not needed: empty values are kept, unless ECS refuses them.',
  }),
  'enable-ecs-managed-tags': optional(flag, {
    ...compatible,
    description: 'Tag the tasks with the names of service and cluster. Default: unchanged.',
  }),
  'propagate-tags': optional(choice(['SERVICE', 'TASK_DEFINITION', 'NONE']), {
    ...compatible,
    description: 'Where the tags of the tasks come from. Default: unchanged.',
  }),
  'service-managed-ebs-volume-name': optional(text, {
    ...compatible,
    description: 'Name of the volume of the task definition that is configured at launch.',
  }),
  'service-managed-ebs-volume': optional(jsonObject, {
    ...compatible,
    description: 'Its settings, as managedEBSVolume of the ECS API; roleArn is required.',
  }),
  'run-task': defaulted(flag, false, {
    ...task,
    description:
      'Run a task of the new revision once, as the service runs, before the deployment; with register-only in its place.',
  }),
  'wait-for-task-stopped': optional(flag, {
    ...task,
    description: 'Wait until it ends, and deploy only if it exits with 0. Default: false.',
  }),
  'run-task-container-overrides': optional(jsonObjects, {
    ...task,
    secret: true,
    description:
      'Overrides of its containers, as containerOverrides of the ECS API. The exit code of the first container with a command decides.',
  }),
  'run-task-subnets': optional(list(), { ...task, description: 'Subnets. Default: those of the service.' }),
  'run-task-security-groups': optional(list(), {
    ...task,
    description: 'Security groups. Default: those of the service, unless subnets are given.',
  }),
  'run-task-assign-public-IP': optional(choice(['ENABLED', 'DISABLED']), {
    ...task,
    description: 'Whether it gets a public IP address. Default: as the service; DISABLED if subnets are given.',
  }),
  'run-task-launch-type': optional(choice(['FARGATE', 'EC2', 'EXTERNAL', 'MANAGED_INSTANCES']), {
    ...task,
    description: 'Launch type. Default: that of the service; FARGATE without one.',
  }),
  'run-task-capacity-provider-strategy': optional(jsonObjects, {
    ...task,
    description: 'Capacity provider strategy, in place of a launch type. Default: that of the service.',
  }),
  'run-task-started-by': optional(text, { ...task, description: 'Its startedBy. Default: one that names this run.' }),
  'run-task-tags': optional(jsonObjects, { ...task, description: 'Its tags, each with key and value.' }),
  'run-task-managed-ebs-volume-name': optional(text, {
    ...task,
    description: 'Name of its volume that is configured at launch.',
  }),
  'run-task-managed-ebs-volume': optional(jsonObject, {
    ...task,
    description: 'The settings of that volume, as managedEBSVolume of the ECS API.',
  }),
};
