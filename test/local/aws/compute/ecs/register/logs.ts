import type { LogConfiguration, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { first, type Refusal } from './refusal';

export function refusalOfLogs(input: RegisterTaskDefinitionRequest): Refusal {
  const { containerDefinitions: containers = [], requiresCompatibilities, executionRoleArn } = input;
  const isOnFargate = requiresCompatibilities?.includes('FARGATE') ?? false;
  const logs = containers.flatMap(({ logConfiguration }) => (logConfiguration ? [logConfiguration] : []));
  const awslogs = logs.filter(({ logDriver }) => logDriver === 'awslogs');
  return first(
    isOnFargate &&
      awslogs.length > 0 &&
      !executionRoleArn &&
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    ...awslogs.map((log) => refusalOfAwslogs(log, isOnFargate)),
    logs.some(({ logDriver }) => logDriver === 'awsfirelens') &&
      !containers.some(({ firelensConfiguration }) => firelensConfiguration) &&
      'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.',
    containers.some(({ firelensConfiguration: { options = {} } = {} }) => isFileWithoutArn(options)) &&
      'Invalid arn syntax',
  );
}

const isFileWithoutArn = (options: Readonly<Record<string, string>>) =>
  options['config-file-type'] === 's3' && !/^arn:[^:]+:s3:::./.test(options['config-file-value'] ?? '');

const drivers = 'Log driver awslogs';

function refusalOfAwslogs({ options = {} }: LogConfiguration, isOnFargate: boolean): Refusal {
  const create = options['awslogs-create-group'];
  const group = options['awslogs-group'];
  const isMissing = !group || (isOnFargate && !options['awslogs-region']);
  // ECS knows more options of its own than any list has; those of Docker that it refuses, users have reported.
  const odd = Object.keys(options).find((name) => !name.startsWith('awslogs-') && !common.includes(name));
  return first(
    isMissing && `${drivers} requires options: awslogs-region, awslogs-group`,
    isOnFargate &&
      !options['awslogs-stream-prefix'] &&
      'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs',
    create !== undefined &&
      !/^true$/i.test(create) &&
      `${drivers} option 'awslogs-create-group' should only be set to 'true', else omit option.`,
    /[^\w./#-]/.test(group ?? '') && `${drivers} option 'awslogs-group' contains invalid characters.`,
    odd !== undefined && `${drivers} disallows options: ${odd}`,
  );
}

/** Of every driver, and of Docker's cache of logs. */
const common = ['mode', 'max-buffer-size', 'tag', 'labels', 'labels-regex', 'env', 'env-regex'].concat(
  ['disabled', 'max-size', 'max-file', 'compress'].map((name) => `cache-${name}`),
);
