import { once } from '../once';
import { api, ecs, impossible, model, type RuleInfo } from './evidence';
import type { FieldName } from './fields';

/** Bounds of single fields, by structure and field; where each comes from, limitRule tells. */

/** Lowest and highest number. */
export const ranges: Readonly<Partial<Record<FieldName, readonly [min: number, max: number, unit?: string]>>> = {
  'PortMapping.containerPort': [1, 65_535],
  // 0 asks for a dynamic port (bridge).
  'PortMapping.hostPort': [0, 65_535],
  'EFSVolumeConfiguration.transitEncryptionPort': [1, 65_535],
  'S3FilesVolumeConfiguration.transitEncryptionPort': [1, 65_535],
  'HealthCheck.interval': [5, 300, 'seconds'],
  'HealthCheck.timeout': [2, 60, 'seconds'],
  'HealthCheck.retries': [1, 10],
  'HealthCheck.startPeriod': [0, 300, 'seconds'],
  'ContainerRestartPolicy.restartAttemptPeriod': [60, 1800, 'seconds'],
  'EphemeralStorage.sizeInGiB': [21, 200, 'GiB'],
  'LinuxParameters.swappiness': [0, 100],
  'LinuxParameters.maxSwap': [0, 2 ** 31 - 1, 'MiB'],
  'LinuxParameters.sharedMemorySize': [1, 2 ** 31 - 1, 'MiB'],
  'Tmpfs.size': [1, 2 ** 31 - 1, 'MiB'],
  // "You can use CPU values below 2 or above 262144" (API_ContainerDefinition): Linux or Docker then bound them.
  'ContainerDefinition.cpu': [0, 2 ** 31 - 1, 'CPU units'],
  // Docker 19.03 and earlier reserve 4 MiB; less is refused.
  'ContainerDefinition.memory': [4, 2 ** 31 - 1, 'MiB'],
  'ContainerDefinition.memoryReservation': [4, 2 ** 31 - 1, 'MiB'],
  'ContainerDefinition.startTimeout': [0, 2 ** 31 - 1, 'seconds'],
  'ContainerDefinition.stopTimeout': [0, 2 ** 31 - 1, 'seconds'],
};

/** The form of a text, and the rule in words. */
interface Form {
  readonly form: RegExp;
  readonly rule: string;
  /** A wider form, between which and the first one only documentation stands. */
  readonly advised?: { readonly within: RegExp; readonly rule: RuleInfo };
}

const nameForm: Form = {
  form: /^[A-Za-z0-9_-]{1,255}$/,
  rule: 'must be 1 to 255 letters, digits, "_" and "-"',
  advised: {
    within: /^[A-Za-z0-9_.-]{1,255}$/,
    rule: api('The name of a family, container or volume has no dots.', 'ContainerDefinition'),
  },
};
/**
 * Made from a text, and only when a tag is there: V8 looks the properties of Unicode up when it reads a literal, even in a function
 * that is never called, which takes a tenth of a rendering.
 */
const tagForm = (least: number, most: number) =>
  once(() => new RegExp(`^(?![aA][wW][sS]:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{${least},${most}}$`, 'u'));
const tagKey = tagForm(1, 128);
const tagValue = tagForm(0, 256);
const notEmpty: Form = { form: /^.+$/s, rule: 'must not be empty' };

export const forms: Readonly<Partial<Record<FieldName, Form>>> = {
  'RegisterTaskDefinitionRequest.family': nameForm,
  'ContainerDefinition.name': nameForm,
  'Volume.name': nameForm,
  'PortMapping.name': {
    form: /^[a-z0-9_][a-z0-9_-]{0,63}$/,
    rule: 'must be 1 to 64 lower-case letters, digits, "_" and "-", not beginning with "-"',
  },
  // The model: the characters, and the lengths in UTF-8 characters; "aws:" is reserved.
  'Tag.key': {
    get form() {
      return tagKey();
    },
    rule: 'must be 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with "aws:"',
  },
  'Tag.value': {
    get form() {
      return tagValue();
    },
    rule: 'must be at most 256 letters, digits, spaces and _.:/=+-@, not beginning with "aws:"',
  },
  'EnvironmentFile.value': {
    form: /^arn:[a-z-]+:s3:::[^/]+\/.*\.env$/,
    rule: 'must be the ARN of an S3 object that ends in .env, such as arn:aws:s3:::bucket/app.env',
    advised: { within: /^arn:[^:]+:s3:::./, rule: api('An environment file ends in .env.', 'EnvironmentFile') },
  },
  // The namespaced kernel parameters; others would be those of the whole machine.
  'SystemControl.namespace': {
    form: /^(?:net|fs\.mqueue)\.\S|^kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$/,
    rule: 'must be a parameter of net. or fs.mqueue., or one such as kernel.shmmax that has a namespace',
  },
  'ContainerDefinition.credentialSpecs': {
    form: /^credentialspec(?:domainless)?:arn:\S/,
    rule: 'must be credentialspec: or credentialspecdomainless: with an ARN after it',
  },
  'RepositoryCredentials.credentialsParameter': {
    form: /^(?!arn:)\S|^arn:[^:]*:secretsmanager:/,
    rule: 'must be the ARN or the name of a secret in Secrets Manager',
  },
  'MountPoint.containerPath': notEmpty,
  'KeyValuePair.name': { form: /\S/, rule: 'must not be empty or blank' },
  'Secret.name': notEmpty,
};

const words = (lines: string): readonly string[] =>
  lines
    .trim()
    .split('\n')
    .flatMap((line) => line.trim().split(' '));

const capabilities = words(`
  ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL
  LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID
  SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME
  SYS_TTY_CONFIG SYSLOG WAKE_ALARM
`);

/** The values that the texts of a list may have, where the pages give a set of them that the SDK's schemas do not know. */
export const choices: Readonly<Partial<Record<FieldName, readonly string[]>>> = {
  'KernelCapabilities.add': capabilities,
  'KernelCapabilities.drop': capabilities,
  // Some take a value, such as mode=1777.
  'Tmpfs.mountOptions': words(`
    defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime
    nodiratime bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime
    strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol
  `),
};

/** Most items of a list. */
export const counts: Readonly<Partial<Record<FieldName, number>>> = {
  // Developer Guide, "Amazon ECS endpoints and quotas": containers for each task definition.
  'RegisterTaskDefinitionRequest.containerDefinitions': 10,
  'RegisterTaskDefinitionRequest.placementConstraints': 10,
  'RegisterTaskDefinitionRequest.tags': 50,
  'ContainerDefinition.environmentFiles': 10,
  'ContainerDefinition.credentialSpecs': 1,
  'ContainerRestartPolicy.ignoredExitCodes': 50,
};

/** Where another source than the page of the structure says it. */
const sources = once(
  (): Readonly<Partial<Record<FieldName, RuleInfo>>> => ({
    'PortMapping.containerPort': impossible('A port is from 1 to 65535.', 'a port has 16 bits (RFC 9293)'),
    'PortMapping.hostPort': impossible(
      'A host port is from 0, any free one, to 65535.',
      'a port has 16 bits (RFC 9293)',
    ),
    'RegisterTaskDefinitionRequest.family': ecs('The family is a name.', 'Family contains invalid characters.'),
    'ContainerDefinition.name': ecs('A container has a name.', 'Container.name contains invalid characters.'),
    'Volume.name': ecs('A volume has a name.', 'volume.name contains invalid characters.'),
    'Tag.key': model('A tag has a key.', 'TagKey (min, max, pattern)'),
    'Tag.value': model('The value of a tag is short and plain.', 'TagValue (max, pattern)'),
    'EnvironmentFile.value': ecs('An environment file is specified by its ARN.', 'Invalid arn syntax'),
    'KeyValuePair.name': ecs('A variable has a name.', 'Environment variable name cannot be null or blank.'),
    'RegisterTaskDefinitionRequest.containerDefinitions': ecs(
      'A task has at most 10 containers.',
      'Too many containers.',
    ),
    'RegisterTaskDefinitionRequest.tags': model('A task definition has at most 50 tags.', 'Tags (max)'),
  }),
);

/** Rules of fields whose form is advised only, and what else is known of them, limitRule tells. */
export const advisedRules: Readonly<Record<string, RuleInfo>> = {
  names: nameForm.advised!.rule,
  environmentFile: forms['EnvironmentFile.value']!.advised!.rule,
};

/** The fields that are bounded. */
export const boundedFields = (): ReadonlySet<FieldName> =>
  new Set([ranges, forms, choices, counts].flatMap((table) => Object.keys(table) as FieldName[]));

const made = new Map<FieldName, RuleInfo>();

/** The rule of a bounded field; the same one each time. */
export function limitRule(field: FieldName): RuleInfo {
  const rule = made.get(field) ?? sources()[field] ?? documented(field);
  made.set(field, rule);
  return rule;
}

/** The page of the API Reference is named as the structure is. */
function documented(field: FieldName): RuleInfo {
  const [structure = '', name = ''] = field.split('.');
  return api(`${name} of ${structure} is within its bounds.`, structure.replace(/Request$/, ''));
}
