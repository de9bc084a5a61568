import {
  defaulted,
  defineAction,
  type InputsOf,
  type OutputsOf,
  optional,
  outsideCodeCatalyst,
  required,
} from '../../../shared/manifest/definition';
import { block, choice, file, flag, list, number, text } from '../../../shared/manifest/types';
import { compatibleInputs } from './compatible-definition';

const what = { group: 'What is deployed' };
const codedeploy = { group: 'CodeDeploy' };
const shifting = { group: 'Services under the ECS controller' };
const waiting = { group: 'Waiting and failure' };

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
        'An active deployment is waited for or stopped, or an error; continue lets one of the same revision go on; rollback rolls it back and deploys nothing.',
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
    ...compatibleInputs,
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
