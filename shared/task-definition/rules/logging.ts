import { regionForm } from '../../aws/arn';
import type { Path } from '../document';
import { error, type Problem, quote, warning } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, isFargate, type Rule } from './rule';

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
    .map(([, path]) => error([...path, 'firelensConfiguration'], 'only one container of a task may be the log router')),
];

function checkDriver(task: Sound, { logConfiguration: log }: SoundContainer, path: Path): Problem[] {
  const driver = log?.logDriver;
  if (driver === undefined) return [];
  const hasRouter = (task.containerDefinitions ?? []).some(({ firelensConfiguration }) => firelensConfiguration);
  const foreign =
    driver === 'awslogs' ? [] : Object.keys(log?.options ?? {}).filter((name) => name.startsWith('awslogs-'));
  return [
    ...(isFargate(task) && !fargateDrivers.includes(driver)
      ? [error([...path, 'logDriver'], `must be ${fargateDrivers.join(', ')} on Fargate, got ${quote(driver)}`)]
      : []),
    ...(driver === 'awsfirelens' && !hasRouter
      ? [error([...path, 'logDriver'], 'awsfirelens needs a container with a firelensConfiguration in this task')]
      : []),
    ...(driver === 'awslogs' ? checkAwslogs(task, log?.options ?? {}, path) : []),
    ...(driver === 'splunk' ? checkSplunk(log!, path) : []),
    // To FireLens an option is one of the router's output.
    ...(driver === 'awsfirelens' ? [] : checkOption(log?.options, 'mode', ['blocking', 'non-blocking'], path)),
    ...(foreign.length > 0 ? [warning([...path, 'options'], `${foreign.join(', ')} mean nothing to ${driver}`)] : []),
  ];
}

/**
 * API_LogConfiguration, options: group and region are required, the prefix on Fargate; the two patterns exclude each other.
 * Outside Fargate Docker asks the instance for its region, so there a missing one is no error.
 */
function checkAwslogs(task: Sound, options: Readonly<Record<string, string | undefined>>, path: Path): Problem[] {
  const needed = ['awslogs-group', ...(isFargate(task) ? ['awslogs-region', 'awslogs-stream-prefix'] : [])];
  const missing = needed.filter((name) => !options[name]);
  const region = options['awslogs-region'];
  const hasBoth = options['awslogs-datetime-format'] && options['awslogs-multiline-pattern'];
  const both = 'must have only one of awslogs-datetime-format and awslogs-multiline-pattern';
  return [
    ...(missing.length > 0 ? [error(path, `awslogs needs the options ${missing.join(', ')}`)] : []),
    ...(region || isFargate(task) ? [] : [warning(path, 'has no awslogs-region; the instance decides')]),
    ...(region && !regionForm.test(region)
      ? [error([...path, 'options', 'awslogs-region'], `must be a region such as us-west-2, got ${quote(region)}`)]
      : []),
    ...(hasBoth ? [error([...path, 'options'], both)] : []),
  ];
}

/** API_LogConfiguration, options: "you need to specify a splunk-token and a splunk-url"; a token is best kept as a secret. */
function checkSplunk({ options = {}, secretOptions = [] }: LogConfiguration, path: Path): Problem[] {
  const secrets = secretOptions.map(({ name }) => name);
  const missing = ['splunk-token', 'splunk-url'].filter((name) => !options[name] && !secrets.includes(name));
  return missing.length > 0 ? [error(path, `splunk needs the options ${missing.join(', ')}`)] : [];
}

function checkOption(
  options: Readonly<Record<string, string | undefined>> | undefined,
  name: string,
  words: readonly string[],
  path: Path,
): Problem[] {
  const value = options?.[name];
  if (value === undefined || words.includes(value)) return [];
  return [error([...path, 'options', name], `must be ${words.join(' or ')}, got ${quote(value)}`)];
}

/** API_FirelensConfiguration, options: the values; "Tasks hosted on Fargate only support the file configuration file type". */
function checkRouter(task: Sound, { firelensConfiguration: router }: SoundContainer, path: Path): Problem[] {
  const isRemote = isFargate(task) && router?.options?.['config-file-type'] === 's3';
  return [
    ...(isRemote ? [error([...path, 'options', 'config-file-type'], 'must be file on Fargate, got "s3"')] : []),
    ...checkOption(router?.options, 'config-file-type', ['s3', 'file'], path),
    ...checkOption(router?.options, 'enable-ecs-log-metadata', ['true', 'false'], path),
  ];
}
