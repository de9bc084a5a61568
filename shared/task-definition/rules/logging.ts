import { once } from '../../once';
import type { Path } from '../document';
import { api, ecs, type Rules } from '../evidence';
import { placeholderIn } from '../placeholder';
import { broken, type Problem, quote } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { awslogsRules, checkAwslogs } from './awslogs';
import { containersIn, isFargate, type Rule } from './rule';

export const loggingRules = once(
  () =>
    ({
      ...awslogsRules(),
      driver: ecs(
        'A container on Fargate logs with a driver that Fargate has.',
        'X is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]',
      ),
      router: ecs(
        'A task that logs to FireLens has a log router.',
        'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.',
      ),
      routers: api('A task has at most one log router.', 'FirelensConfiguration'),
      splunk: api('Splunk needs an address and a token.', 'LogConfiguration'),
      option: api('An option with a set of words has one of them.', 'LogConfiguration'),
      foreign: api('The options are those of the driver.', 'LogConfiguration'),
      routerFile: api('On Fargate, the configuration of a log router is a file of the image.', 'FirelensConfiguration'),
      routerArn: ecs('A configuration of a log router in S3 is specified by its ARN.', 'Invalid arn syntax'),
    }) satisfies Rules,
);

/** API_LogConfiguration, logDriver: "For tasks on Fargate, the supported log drivers are …". */
const fargateDrivers = ['awslogs', 'splunk', 'awsfirelens'];

type LogConfiguration = NonNullable<SoundContainer['logConfiguration']>;

/** Log drivers and FireLens. */
export const checkLogging: Rule = ({ sound }) => [
  ...containersIn(sound).flatMap(([container, path]) => [
    ...checkDriver(sound, container, [...path, 'logConfiguration']),
    ...checkRouter(sound, container, [...path, 'firelensConfiguration']),
  ]),
  ...containersIn(sound)
    .filter(([{ firelensConfiguration }]) => firelensConfiguration)
    .slice(1)
    .map(([, path]) =>
      broken(
        loggingRules().routers,
        [...path, 'firelensConfiguration'],
        'only one container of a task may be the log router',
      ),
    ),
];

function checkDriver(task: Sound, { logConfiguration: log }: SoundContainer, path: Path): Problem[] {
  const driver = log?.logDriver;
  if (driver === undefined) return [];
  const hasRouter = (task.containerDefinitions ?? []).some(({ firelensConfiguration }) => firelensConfiguration);
  const foreign =
    driver === 'awslogs' ? [] : Object.keys(log?.options ?? {}).filter((name) => name.startsWith('awslogs-'));
  return [
    ...(isFargate(task) && !fargateDrivers.includes(driver)
      ? [
          broken(
            loggingRules().driver,
            [...path, 'logDriver'],
            `must be ${fargateDrivers.join(', ')} on Fargate, got ${quote(driver)}`,
          ),
        ]
      : []),
    ...(driver === 'awsfirelens' && !hasRouter
      ? [
          broken(
            loggingRules().router,
            [...path, 'logDriver'],
            'awsfirelens needs a container with a firelensConfiguration in this task',
          ),
        ]
      : []),
    ...(driver === 'awslogs' ? checkAwslogs(task, log?.options ?? {}, path) : []),
    ...(driver === 'splunk' ? checkSplunk(log!, path) : []),
    // To FireLens an option is one of the router's output.
    ...(driver === 'awsfirelens' ? [] : checkOption(log?.options, 'mode', ['blocking', 'non-blocking'], path)),
    ...(foreign.length > 0
      ? [broken(loggingRules().foreign, [...path, 'options'], `${foreign.join(', ')} are not options of ${driver}`)]
      : []),
  ];
}

/** API_LogConfiguration, options: "you need to specify a splunk-token and a splunk-url"; a token is best kept as a secret. */
function checkSplunk({ options = {}, secretOptions = [] }: LogConfiguration, path: Path): Problem[] {
  const secrets = secretOptions.map(({ name }) => name);
  const missing = ['splunk-token', 'splunk-url'].filter((name) => !options[name] && !secrets.includes(name));
  return missing.length > 0
    ? [broken(loggingRules().splunk, path, `splunk needs the options ${missing.join(', ')}`)]
    : [];
}

function checkOption(
  options: Readonly<Record<string, string | undefined>> | undefined,
  name: string,
  words: readonly string[],
  path: Path,
): Problem[] {
  const value = options?.[name];
  if (value === undefined || words.includes(value)) return [];
  return [
    broken(loggingRules().option, [...path, 'options', name], `must be ${words.join(' or ')}, got ${quote(value)}`),
  ];
}

/** API_FirelensConfiguration, options: the values; "Tasks hosted on Fargate only support the file configuration file type". */
function checkRouter(task: Sound, { firelensConfiguration: router }: SoundContainer, path: Path): Problem[] {
  const isRemote = isFargate(task) && router?.options?.['config-file-type'] === 's3';
  return [
    ...(isRemote
      ? [
          broken(
            loggingRules().routerFile,
            [...path, 'options', 'config-file-type'],
            'must be file on Fargate, got "s3"',
          ),
        ]
      : []),
    ...checkOption(router?.options, 'config-file-type', ['s3', 'file'], path),
    ...checkRouterArn(router?.options, path),
    ...checkOption(router?.options, 'enable-ecs-log-metadata', ['true', 'false'], path),
  ];
}

function checkRouterArn(options: Readonly<Record<string, string | undefined>> | undefined, path: Path): Problem[] {
  const file = options?.['config-file-value'];
  const isWrong = options?.['config-file-type'] === 's3' && file !== undefined && !/^arn:[^:]+:s3:::./.test(file);
  if (!isWrong || placeholderIn(file) !== undefined) return [];
  const at = [...path, 'options', 'config-file-value'];
  return [broken(loggingRules().routerArn, at, `must be the ARN of an object in S3, got ${quote(file)}`)];
}
