import { parseArn, parseEcrHost, partitionOf } from '../../aws/arn';
import { cut } from '../../excerpt';
import { parseImageReference } from '../../image/reference';
import { once } from '../../once';
import { isList, isObject } from '../document';
import { api, ecs, impossible, type Rules } from '../evidence';
import type { FieldName } from '../fields';
import { placeholderIn } from '../placeholder';
import { broken, type Problem, quote } from '../problem';
import type { Visit, Walk } from '../walk';
import type { Rule } from './rule';

export const referenceRules = once(
  () =>
    ({
      placeholder: ecs(
        'Nothing is left to be filled in: in an image, a role, the family, an ARN.',
        'Container.image contains invalid characters. · Role is not valid · Family contains invalid characters.',
      ),
      image: ecs('An image has the characters of one.', 'Container.image contains invalid characters.'),
      reference: impossible('An image is a reference as Docker has them.', 'no engine can pull it'),
      digest: api('The digest of an image is of SHA-256.', 'ContainerDefinition'),
      imageLength: api('An image has at most 255 characters before its digest.', 'ContainerDefinition'),
      role: ecs('A role is specified by its ARN or its name.', 'Role is not valid'),
      partition: api('All that a task refers to is in one partition of AWS.', 'TaskDefinition'),
    }) satisfies Rules,
);

/** Images, roles and ARNs: that they can be ones, and that nothing is left to be filled in. */
export const checkReferences: Rule = (walk) => {
  const all = texts(walk);
  // One alone cannot be of another partition than the others, and only these tell one.
  return [
    ...all.flatMap((text) => checkText(text)),
    ...(all.filter(({ value }) => /arn:|[.]dkr[.-]ecr/.test(value)).length > 1 ? checkPartitions(all) : []),
  ];
};

interface Text extends Visit {
  readonly value: string;
}

/** Every text in a field that refers to something outside the task; commands and values of variables may hold `$PORT`. */
const referring: ReadonlySet<FieldName> = new Set([
  'ContainerDefinition.image',
  'RegisterTaskDefinitionRequest.family',
  'RegisterTaskDefinitionRequest.taskRoleArn',
  'RegisterTaskDefinitionRequest.executionRoleArn',
  'RepositoryCredentials.credentialsParameter',
  'EnvironmentFile.value',
  'Secret.valueFrom',
  'ContainerDefinition.credentialSpecs',
  'EFSVolumeConfiguration.fileSystemId',
  'EFSAuthorizationConfig.accessPointId',
  'S3FilesVolumeConfiguration.fileSystemArn',
  'S3FilesVolumeConfiguration.accessPointArn',
  'FSxWindowsFileServerVolumeConfiguration.fileSystemId',
  'FSxWindowsFileServerAuthorizationConfig.credentialsParameter',
  'FirelensConfiguration.options',
  'LogConfiguration.options',
]);

/** Fields whose text tells where a secret is kept. */
const hiding: ReadonlySet<FieldName> = new Set([
  'Secret.valueFrom',
  'RepositoryCredentials.credentialsParameter',
  'ContainerDefinition.credentialSpecs',
  'FSxWindowsFileServerAuthorizationConfig.credentialsParameter',
  'LogConfiguration.options',
]);

function texts({ visits }: Walk): Text[] {
  return visits
    .filter(({ field }) => referring.has(field))
    .flatMap(({ field, path, value }) => {
      if (isObject(value)) return arnsIn({ field, path, value });
      const items = isList(value)
        ? value.map((item, at) => ({ field, path: [...path, at], value: item }))
        : [{ field, path, value }];
      return items.filter((item): item is Text => typeof item.value === 'string');
    });
}

/** The ARNs among the options of a log driver; other options may hold any text. */
function arnsIn({ field, path, value }: Visit): Text[] {
  return Object.entries(value ?? {}).flatMap(([name, option]: [string, unknown]) =>
    typeof option === 'string' && option.startsWith('arn:') ? [{ field, path: [...path, name], value: option }] : [],
  );
}

function checkText({ field, path, value }: Text): Problem[] {
  const placeholder = placeholderIn(value);
  if (placeholder !== undefined) {
    const hint =
      field === 'ContainerDefinition.image' ? ', such as with the input image of render-task-definition' : '';
    const command = placeholder.startsWith('$(') ? ' (no command is run here)' : '';
    const shown = hiding.has(field) ? '' : `, got ${quote(value)}`;
    const problem = `still holds the placeholder ${cut(placeholder, 60)}${command}; fill it in${hint}${shown}`;
    return [broken(referenceRules().placeholder, path, problem)];
  }
  if (field === 'ContainerDefinition.image') return checkImage(value, path);
  return field.endsWith('RoleArn') && value !== '' ? checkRole(value, path) : [];
}

/** API_ContainerDefinition, image: the grammar of Docker, at most 255 characters before an "@", no digest but SHA-256. */
function checkImage(image: string, path: Visit['path']): Problem[] {
  const parsed = parseImageReference(image);
  if ('problem' in parsed) {
    const isOdd = image === '' || /[^\w:./#@-]/.test(image);
    return [broken(isOdd ? referenceRules().image : referenceRules().reference, path, parsed.problem)];
  }
  if (parsed.digest && !parsed.digest.startsWith('sha256:')) {
    return [
      broken(
        referenceRules().digest,
        path,
        `must have a digest of sha256, the only kind that ECS accepts, got ${quote(image)}`,
      ),
    ];
  }
  const isLong = image.split('@')[0]!.length > 255;
  return isLong
    ? [
        broken(
          referenceRules().imageLength,
          path,
          `must have at most 255 characters before the digest, got ${image.split('@')[0]!.length}`,
        ),
      ]
    : [];
}

/** IAM User Guide, "IAM identifiers": names of roles have up to 64 letters, digits and +=,.@_-; accounts have 12 digits. */
const roleName = /^[\w+=,.@-]{1,64}$/;

function checkRole(role: string, path: Visit['path']): Problem[] {
  if (roleName.test(role)) return [];
  const arn = parseArn(role);
  const [type, ...names] = arn?.resource.split('/') ?? [];
  const isRole = arn?.service === 'iam' && type === 'role' && roleName.test(names[names.length - 1] ?? '');
  if (!arn || !isRole)
    return [broken(referenceRules().role, path, `must be the ARN or the name of a role, got ${quote(role)}`)];
  return /^\d{12}$/.test(arn.account)
    ? []
    : [broken(referenceRules().role, path, `must have an account of 12 digits, got ${quote(role)}`)];
}

/** An ARN of another partition names nothing here. The image's registry tells its partition too. */
function checkPartitions(all: readonly Text[]): Problem[] {
  const known = all.flatMap((text) => {
    const partition = placeholderIn(text.value) === undefined ? partitionIn(text.value) : undefined;
    return partition ? [{ ...text, partition }] : [];
  });
  const [first, ...others] = known;
  return others
    .filter(({ partition }) => partition !== first!.partition)
    .map(({ path, partition }) =>
      broken(
        referenceRules().partition,
        path,
        `is in the partition ${partition}, but others are in ${first!.partition}`,
      ),
    );
}

function partitionIn(text: string): string | undefined {
  const { region } = parseEcrHost(text.replace(/\/.*$/s, '')) ?? {};
  return region ? partitionOf(region) : parseArn(text.replace(/^credentialspec(domainless)?:/, ''))?.partition;
}
