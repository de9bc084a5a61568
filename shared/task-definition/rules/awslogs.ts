import { regionForm } from '../../aws/arn';
import { nearest } from '../../nearest';
import { once } from '../../once';
import type { Path } from '../document';
import { api, ecs, type Rules } from '../evidence';
import { placeholderIn } from '../placeholder';
import { broken, type Problem, quote } from '../problem';
import type { Sound } from '../walk';
import { isFargate } from './rule';

export const awslogsRules = once(
  () =>
    ({
      group: ecs(
        'awslogs needs a group; on Fargate a region too.',
        'Log driver awslogs requires options: awslogs-region, awslogs-group',
      ),
      prefix: ecs(
        'On Fargate, awslogs needs a prefix of its streams.',
        'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs',
      ),
      awslogsRole: ecs(
        'On Fargate, awslogs needs an execution role.',
        'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
      ),
      region: api('awslogs has a region; else the instance decides.', 'LogConfiguration'),
      regionForm: api('The region of awslogs is one of AWS.', 'LogConfiguration'),
      patterns: api('awslogs has one of the two patterns, not both.', 'LogConfiguration'),
      createGroup: ecs(
        'awslogs-create-group is true, or left out.',
        "Log driver awslogs option 'awslogs-create-group' should only be set to 'true', else omit option.",
      ),
      groupForm: ecs(
        'The group of awslogs is the name of one.',
        "Log driver awslogs option 'awslogs-group' contains invalid characters.",
      ),
      disallowed: ecs('The options are those of awslogs.', 'Log driver awslogs disallows options: log_key'),
      newOption: api('An option of awslogs is known, or newer than this version.', 'LogConfiguration'),
    }) satisfies Rules,
);

type Options = Readonly<Record<string, string | undefined>>;

/** The options of awslogs. Outside Fargate, Docker asks the instance for its region, so a missing one is not an error there. */
export function checkAwslogs(task: Sound, options: Options, path: Path): Problem[] {
  const region = options['awslogs-region'];
  const hasBoth = options['awslogs-datetime-format'] && options['awslogs-multiline-pattern'];
  const both = 'must have only one of awslogs-datetime-format and awslogs-multiline-pattern';
  return [
    ...checkMissing(isFargate(task), options, path),
    ...(region || isFargate(task)
      ? []
      : [broken(awslogsRules().region, path, 'has no awslogs-region; the instance decides')]),
    ...(region && !regionForm.test(region)
      ? [
          broken(
            awslogsRules().regionForm,
            [...path, 'options', 'awslogs-region'],
            `must be a region such as us-west-2, got ${quote(region)}`,
          ),
        ]
      : []),
    ...(hasBoth ? [broken(awslogsRules().patterns, [...path, 'options'], both)] : []),
    ...(isFargate(task) && !task.executionRoleArn
      ? [broken(awslogsRules().awslogsRole, path, 'awslogs needs the executionRoleArn of the task on Fargate')]
      : []),
    ...checkGroup(options, path),
    ...Object.keys(options).flatMap((name) => checkName(name, [...path, 'options', name])),
  ];
}

function checkMissing(isOnFargate: boolean, options: Options, path: Path): Problem[] {
  const missing = ['awslogs-group', ...(isOnFargate ? ['awslogs-region'] : [])].filter((name) => !options[name]);
  const prefix = 'awslogs-stream-prefix';
  return [
    ...(missing.length > 0
      ? [broken(awslogsRules().group, path, `awslogs needs the options ${missing.join(', ')}`)]
      : []),
    ...(isOnFargate && !options[prefix]
      ? [broken(awslogsRules().prefix, path, `awslogs needs the options ${prefix} on Fargate`)]
      : []),
  ];
}

function checkGroup(options: Options, path: Path): Problem[] {
  const { 'awslogs-create-group': create, 'awslogs-group': group } = options;
  const isGroup = !group || /^[\w./#-]{1,512}$/.test(group) || placeholderIn(group) !== undefined;
  return [
    // The spelling of Python and PowerShell is in use in public files.
    ...(create === undefined || /^true$/i.test(create)
      ? []
      : [
          broken(
            awslogsRules().createGroup,
            [...path, 'options', 'awslogs-create-group'],
            `must be "true", or be left out, got ${quote(create)}`,
          ),
        ]),
    ...(isGroup
      ? []
      : [
          broken(
            awslogsRules().groupForm,
            [...path, 'options', 'awslogs-group'],
            `must be the name of a log group, such as /ecs/web, got ${quote(group)}`,
          ),
        ]),
  ];
}

/** Those of Docker's driver and of ECS. */
const known = [
  ...'create-group region endpoint group stream-prefix stream datetime-format multiline-pattern format'.split(' '),
  ...'force-flush-interval-seconds credentials-endpoint'.split(' '),
].map((name) => `awslogs-${name}`);
const common =
  /^(?:mode|max-buffer-size|tag|labels|labels-regex|env|env-regex|cache-(?:disabled|max-size|max-file|compress))$/;

function checkName(name: string, path: Path): Problem[] {
  if (known.includes(name) || common.test(name)) return [];
  const near = nearest(name, known);
  const hint = near === undefined ? '' : `, did you mean ${near}?`;
  // Like none of its own, but with its prefix: it may be newer.
  return near === undefined && name.startsWith('awslogs-')
    ? [broken(awslogsRules().newOption, path, 'is not known to this version; it is kept')]
    : [broken(awslogsRules().disallowed, path, `is not an option of awslogs${hint || '; remove it'}`)];
}
