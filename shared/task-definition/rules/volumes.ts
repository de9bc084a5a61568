import { suggestion } from '../../nearest';
import { once } from '../../once';
import type { Path } from '../document';
import { api, ecs, type Rules } from '../evidence';
import { broken, entries, type Problem, repeated } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, type Rule } from './rule';

export const volumeRules = once(
  () =>
    ({
      unique: api('Each volume has a name of its own.', 'Volume'),
      kind: ecs(
        'A volume is of one kind.',
        'When the volume parameter is specified, only one volume configuration type should be used.',
      ),
      atLaunch: api('At most one volume is configured at launch.', 'Volume'),
      transit: api('An access point and IAM authorization need encryption in transit.', 'EFSAuthorizationConfig'),
      root: ecs(
        'With an access point of EFS, the root directory is left out or /.',
        'When using an EFS access point, the root directory must either be set to "/" or be omitted.',
      ),
      filesRoot: api('With an access point of S3 Files, the root directory is left out or /.', 'Volume'),
      autoprovision: api('Only a shared volume of Docker is provisioned automatically.', 'DockerVolumeConfiguration'),
      known: ecs('A container mounts volumes of the task.', "Unknown volume 'NAME'."),
      mounted: api('A container mounts one volume at a path.', 'MountPoint'),
      unused: api('A volume is mounted by a container.', 'Volume'),
    }) satisfies Rules,
);

type Volume = NonNullable<Sound['volumes']>[number];

/** Volumes and where they are mounted. API_Volume, API_MountPoint, API_EFSVolumeConfiguration. */
export const checkVolumes: Rule = ({ sound }) => {
  const volumes = entries(['volumes'], sound.volumes);
  return [
    ...repeated(volumes, ({ name }) => name).map(([{ name }, path]) =>
      broken(volumeRules().unique, [...path, 'name'], `there is more than one volume ${JSON.stringify(name)}`),
    ),
    ...volumes.flatMap(([volume, path]) => [
      ...checkKinds(volume, path),
      ...checkEfs(volume, path),
      ...checkS3Files(volume, path),
      ...checkDocker(volume, path),
    ]),
    ...volumes
      .filter(([{ configuredAtLaunch }]) => configuredAtLaunch)
      .slice(1)
      .map(([, path]) => broken(volumeRules().atLaunch, path, 'only one volume may be configured at launch')),
    ...checkMounts(sound),
    ...checkUnused(sound),
  ];
};

const kinds = [
  'host',
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  's3filesVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
] as const satisfies readonly (keyof Volume)[];

function checkKinds(volume: Volume, path: Path): Problem[] {
  // AWS describes every volume with an empty host.
  const used = kinds.filter((kind) => volume[kind] && (kind !== 'host' || Object.keys(volume.host ?? {}).length > 0));
  const all = volume.configuredAtLaunch ? [...used, 'configuredAtLaunch'] : used;
  return all.length > 1 ? [broken(volumeRules().kind, path, `must be of one kind, got ${all.join(' and ')}`)] : [];
}

function checkEfs({ efsVolumeConfiguration: efs }: Volume, path: Path): Problem[] {
  if (!efs) return [];
  const { accessPointId, iam } = efs.authorizationConfig ?? {};
  const at = [...path, 'efsVolumeConfiguration'];
  const needs = accessPointId ? 'an access point' : iam === 'ENABLED' ? 'IAM authorization' : undefined;
  const isOpen = efs.transitEncryption !== 'ENABLED';
  const hasRoot = accessPointId && efs.rootDirectory && efs.rootDirectory !== '/';
  return [
    ...(needs && isOpen ? [broken(volumeRules().transit, at, `${needs} needs "transitEncryption": "ENABLED"`)] : []),
    ...(hasRoot
      ? [broken(volumeRules().root, [...at, 'rootDirectory'], 'must be left out or be / with an access point')]
      : []),
  ];
}

/** API_S3FilesVolumeConfiguration. */
function checkS3Files({ s3filesVolumeConfiguration: files }: Volume, path: Path): Problem[] {
  const hasRoot = files?.accessPointArn && files.rootDirectory && files.rootDirectory !== '/';
  const at = [...path, 's3filesVolumeConfiguration', 'rootDirectory'];
  return hasRoot ? [broken(volumeRules().filesRoot, at, 'must be left out or be / with an access point')] : [];
}

/** API_DockerVolumeConfiguration: autoprovision is for shared volumes. */
function checkDocker({ dockerVolumeConfiguration: docker }: Volume, path: Path): Problem[] {
  const isUseless = docker?.autoprovision !== undefined && docker.scope !== 'shared';
  const at = [...path, 'dockerVolumeConfiguration', 'autoprovision'];
  return isUseless ? [broken(volumeRules().autoprovision, at, 'has an effect only with "scope": "shared"')] : [];
}

function checkMounts(task: Sound): Problem[] {
  const names = new Set((task.volumes ?? []).flatMap(({ name }) => (name === undefined ? [] : [name])));
  return containersIn(task).flatMap(([{ mountPoints }, path]) =>
    checkMountsOf(entries([...path, 'mountPoints'], mountPoints), names),
  );
}

type Mount = NonNullable<SoundContainer['mountPoints']>[number];

function checkMountsOf(mounts: readonly [Mount, (string | number)[]][], names: ReadonlySet<string>): Problem[] {
  return [
    ...mounts
      .filter(([{ sourceVolume }]) => sourceVolume !== undefined && !names.has(sourceVolume))
      .map(([{ sourceVolume = '' }, at]) => {
        const problem = `there is no volume ${JSON.stringify(sourceVolume)}${suggestion(sourceVolume, names)}`;
        return broken(volumeRules().known, [...at, 'sourceVolume'], problem);
      }),
    ...repeated(mounts, ({ containerPath }) => containerPath).map(([{ containerPath }, at]) =>
      broken(volumeRules().mounted, [...at, 'containerPath'], `${containerPath} is mounted twice`),
    ),
  ];
}

function checkUnused({ volumes, containerDefinitions = [] }: Sound): Problem[] {
  const mounted = new Set(
    containerDefinitions.flatMap(({ mountPoints = [] }) => mountPoints.map((mount) => mount.sourceVolume)),
  );
  return entries(['volumes'], volumes)
    .filter(([{ name }]) => name !== undefined && !mounted.has(name))
    .map(([{ name }, path]) => broken(volumeRules().unused, path, `no container mounts the volume ${name}`));
}
