import { definition as deploy } from '../../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../../actions/render-task-definition/src/definition';
import type { ActionDefinition } from '../../manifest/definition';
import { buildPeer } from './build-peer';
import type { Peer } from './peer';

const renderPeer: Peer = {
  name: 'aws-actions/amazon-ecs-render-task-definition',
  version: '1.9.0',
  ours: render as unknown as ActionDefinition,
  inputs: {
    'task-definition': 'Also YAML and JSON with comments, and an ARN, family or family:revision.',
    'task-definition-arn': '',
    'task-definition-family': '',
    'task-definition-revision': '',
    'container-name': 'May be left out where there is one container.',
    image: 'May be left out; `images` fills several containers.',
    'environment-variables': 'A value keeps its trailing spaces; `-NAME` removes one.',
    'log-configuration-log-driver': '',
    'log-configuration-options': 'A value keeps what follows a second `=`.',
    'docker-labels': 'A value keeps what follows a second `=`.',
    command: 'Words are quoted as in a shell, or a JSON array; the peer splits at every space.',
    'task-role-arn': 'Also the name of a role.',
    'execution-role-arn': 'Also the name of a role.',
    'env-files': 'ARNs that ECS would refuse are an error.',
    secrets: '`-NAME` removes one.',
  },
  outputs: { 'task-definition': 'An absolute path in `RUNNER_TEMP`, as there.' },
};

const deployPeer: Peer = {
  name: 'aws-actions/amazon-ecs-deploy-task-definition',
  version: '2.6.3',
  ours: deploy as unknown as ActionDefinition,
  inputs: {
    'task-definition':
      'Checked in full before anything is registered; not registered again when it is the latest revision already.',
    'desired-count': 'Under CodeDeploy too, where it is ignored there.',
    service: 'Without a service give `register-only: true`; leaving it out by mistake is an error here.',
    cluster: 'Also an ARN.',
    'wait-for-service-stability': 'Without it the outcome is waited for too; only `false` waits for nothing.',
    'wait-for-minutes':
      '350 on GitHub by default and at most, as a job ends after 360; a larger value is a note. The waits of a CodeDeploy group are not added: where they do not fit, the action waits until the traffic has shifted.',
    'wait-max-delay-seconds':
      'The deployment is looked at every 5 seconds, or as often as this says where that is more often.',
    'codedeploy-appspec':
      'Found as `appspec.yaml`, `.yml` or `.json`, else generated. An error for a service under the ECS controller, as its hooks would not run.',
    'codedeploy-application': 'Also found by the service.',
    'codedeploy-deployment-group': 'Also found by the service.',
    'codedeploy-deployment-description': '',
    'codedeploy-deployment-config':
      '`traffic-shift` names one by what it does. An error for a service under the ECS controller, which has a `strategy`.',
    'force-new-deployment': 'Without it, a service that runs the same already is left alone.',
    'service-managed-ebs-volume-name': '',
    'service-managed-ebs-volume': 'Fields that ECS does not know are an error.',
    'run-task':
      'Network, launch type and platform are those of the service where nothing else is said. Without a service, `register-only: true` registers and runs it, as there.',
    'run-task-container-overrides':
      'The container with the first command decides; fields that ECS does not know are an error.',
    'run-task-security-groups': '',
    'run-task-subnets': '',
    'run-task-assign-public-IP': '',
    'run-task-capacity-provider-strategy': '',
    'run-task-launch-type': 'By default that of the service; without one FARGATE, as there.',
    'run-task-started-by': 'By default a name of this run, so that a repeated run finds its task.',
    'run-task-tags': '',
    'run-task-managed-ebs-volume-name': '',
    'run-task-managed-ebs-volume': '',
    'wait-for-task-stopped': 'The log is shown; unless the task ends with 0, nothing is deployed.',
    'enable-ecs-managed-tags': 'Under CodeDeploy for the one-off task only, as there; a line says so.',
    'propagate-tags': 'Also `TASK_DEFINITION` and `NONE`.',
    'keep-null-value-keys': 'Not needed: empty values are kept, unless ECS refuses them.',
    'max-retries': '6 attempts at least; changes are looked for before they are sent again.',
  },
  outputs: {
    'task-definition-arn': '',
    'codedeploy-deployment-id': 'Also as `deployment-id`.',
    'run-task-arn': '',
  },
};

/** The actions that teams come from. */
export const peers: readonly Peer[] = [buildPeer, renderPeer, deployPeer];
