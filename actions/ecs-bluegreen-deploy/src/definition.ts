import {
  defaulted,
  defineAction,
  type InputsOf,
  type OutputsOf,
  optional,
  outsideCodeCatalyst,
  required,
} from '../../../shared/manifest/definition';
import { block, choice, file, flag, jsonObject, jsonObjects, list, number, text } from '../../../shared/manifest/types';

const what = { group: 'What is deployed' };
const codedeploy = { group: 'CodeDeploy' };
const shifting = { group: 'Services under the ECS controller' };
const waiting = { group: 'Waiting and failure' };
/** As in aws-actions/amazon-ecs-deploy-task-definition, so that a workflow of it needs another `uses:` line only. */
const compatible = { group: 'As in amazon-ecs-deploy-task-definition', hosts: outsideCodeCatalyst };
const task = {
  group: 'A task before the deployment, as in amazon-ecs-deploy-task-definition',
  hosts: outsideCodeCatalyst,
};

export const definition = defineAction({
  name: 'ecs-bluegreen-deploy',
  displayName: 'Deploy to Amazon ECS',
  description: 'Moves an ECS service to a task definition, blue/green, and watches until the outcome is certain.',
  compute: ['EC2', 'LAMBDA'],
  needs: { source: true, account: true },
  examples: [
    '--cluster prod --service web --task-definition task.json --dry-run',
    "--cluster prod --service web --task-definition web:7 --traffic-shift '10% 5m'",
    '--cluster prod --service web --task-definition task.json --format dotenv --output deploy.env',
  ],
  inputs: {
    service: required(text, {
      ...what,
      alternatives: ['register-only'],
      description: 'Name or ARN of the service.',
    }),
    cluster: defaulted(text, 'default', { ...what, description: 'Name or ARN of the cluster.' }),
    'task-definition': required(file, {
      ...what,
      description: 'A file, or an ARN or family:revision that is deployed as it is.',
    }),
    region: optional(text, {
      ...what,
      description: 'Region of the service. Default: the one in the ARN of the cluster, else AWS_REGION.',
    }),
    'desired-count': optional(number({ min: 0 }), {
      ...what,
      description: 'Number of tasks. Default: unchanged.',
    }),
    'force-new-deployment': defaulted(flag, false, {
      ...what,
      description: 'Deploy even when the service already runs this task definition.',
    }),
    'codedeploy-appspec': optional(file, {
      ...codedeploy,
      description: 'AppSpec file. Default: appspec.yaml, appspec.yml or appspec.json, else one is generated.',
    }),
    'codedeploy-application': optional(text, {
      ...codedeploy,
      description: 'Application. Default: found by cluster and service, else AppECS-<cluster>-<service>.',
    }),
    'codedeploy-deployment-group': optional(text, {
      ...codedeploy,
      description: 'Deployment group. Default: found by cluster and service, else DgpECS-<cluster>-<service>.',
    }),
    // Often a commit message, which may have several lines.
    'codedeploy-deployment-description': optional(block, {
      ...codedeploy,
      description: 'Description of the deployment, cut at 512 characters.',
    }),
    'codedeploy-deployment-config': optional(text, {
      ...codedeploy,
      description:
        'Deployment configuration, such as CodeDeployDefault.ECSCanary10Percent5Minutes. Default: that of the group.',
    }),
    strategy: optional(choice(['rolling', 'blue-green', 'canary', 'linear']), {
      ...shifting,
      description: 'Deployment strategy. Default: that of the service.',
    }),
    'traffic-shift': optional(text, {
      ...shifting,
      description:
        '10% 5m (canary) or 10% every 3m (linear). For CodeDeploy it picks or creates the matching configuration.',
    }),
    'bake-time-minutes': optional(number({ min: 0, max: 1440 }), {
      ...shifting,
      description: 'Minutes for which both revisions run after the traffic has moved. Default: unchanged.',
    }),
    'wait-until': defaulted(choice(['auto', 'none', 'test-traffic', 'traffic-shifted', 'completed']), 'auto', {
      ...waiting,
      description:
        'What is waited for. auto is completed where the configured waits fit the time allowed, else traffic-shifted.',
    }),
    'wait-for-minutes': optional(number({ min: 0, fraction: true }), {
      ...waiting,
      description:
        'How long to wait. Default: 55 on CodeCatalyst, which ends such an action after 60, else 360; at most 350 on GitHub, else 2880.',
    }),
    'rollback-on': optional(
      list<string>(['failure', 'timeout', 'interrupt', 'alarm:off'], { prefix: 'alarm:', form: 'alarm:NAME' }),
      {
        ...waiting,
        description:
          'When to roll back: failure, timeout, interrupt, CloudWatch alarms by name; alarm:off deploys without alarms. Default: as the group or the service has it.',
      },
    ),
    'if-deploying': defaulted(choice(['wait', 'stop', 'fail', 'continue', 'rollback']), 'wait', {
      ...waiting,
      description:
        'An active deployment is waited for or stopped, or an error; continue lets the own one go on; rollback rolls it back and deploys nothing.',
    }),
    'pre-deploy-command': optional(block, {
      ...waiting,
      description:
        'A command that a task of the new revision runs before any traffic moves, such as a migration, as container: words. Unless it ends with 0, nothing is deployed.',
    }),
    'poll-interval-seconds': defaulted(number({ min: 1, max: 300, fraction: true }), 5, {
      ...waiting,
      hosts: outsideCodeCatalyst,
      description: 'Seconds between two polls of the deployment; longer while AWS throttles.',
    }),
    'dry-run': defaulted(flag, false, {
      ...waiting,
      description: 'Run all checks and print the plan and the changes, but change nothing.',
    }),
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
        'Overrides of its containers, as containerOverrides of the ECS API. The first command decides its end.',
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
  },
  outputs: {
    cluster: 'Name of the cluster.',
    service: 'Name of the service.',
    region: 'Region.',
    'deployment-platform': 'AWS:ECS.',
    'task-definition-arn': 'The revision that was deployed.',
    'previous-task-definition-arn': 'The revision that ran before.',
    'deployment-id': 'Id of the deployment; under the ECS controller, the ARN of the service deployment.',
    'deployment-status':
      'SUCCEEDED, UNCHANGED, REGISTERED, IN_PROGRESS, FAILED, STOPPED, ROLLED_BACK, TIMED_OUT, SUPERSEDED, UNHEALTHY or TASK_FAILED.',
    'deployment-url': 'Address of the deployment in the console.',
    report: 'Path of the HTML report.',
    'codedeploy-deployment-id': {
      hosts: outsideCodeCatalyst,
      description: 'Id of the deployment under CodeDeploy, as in amazon-ecs-deploy-task-definition.',
    },
    'run-task-arn': {
      hosts: outsideCodeCatalyst,
      description: 'ARN of the task that ran before the deployment, in a JSON array.',
    },
  },
});

export type Inputs = InputsOf<typeof definition>;
export type Outputs = OutputsOf<typeof definition>;
