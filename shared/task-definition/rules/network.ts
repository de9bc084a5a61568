import type { Path } from '../document';
import { entries, error, isIdle, type Problem, quote, repeated, warning } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, isFargate, type Rule } from './rule';

/** The network mode and the ports. API_RegisterTaskDefinition (networkMode), API_PortMapping. */
export const checkNetwork: Rule = ({ sound, source }) => [
  // A mode of the wrong form has its finding already.
  ...(sound.networkMode === undefined && source['networkMode'] !== undefined ? [] : checkMode(sound)),
  ...containersIn(sound).flatMap(([container, path]) => checkModeOfContainer(sound.networkMode, container, path)),
  ...containersIn(sound).flatMap(([container, path]) =>
    entries([...path, 'portMappings'], container.portMappings).flatMap(([mapping, at]) =>
      checkMapping(sound.networkMode, mapping, at),
    ),
  ),
  ...checkConflicts(sound),
  ...containersIn(sound).flatMap(([container, path]) => checkOverlaps(container, path)),
];

type Mapping = NonNullable<SoundContainer['portMappings']>[number];

function checkMode(task: Sound): Problem[] {
  const { networkMode: mode, proxyConfiguration } = task;
  if (isFargate(task) && mode !== 'awsvpc') {
    const path = mode === undefined ? [] : ['networkMode'];
    return [
      error(path, `${mode === undefined ? 'networkMode ' : ''}must be awsvpc for Fargate, got ${mode ?? 'none'}`),
    ];
  }
  // Developer Guide, "App Mesh": the proxy needs the task's own network interface.
  return proxyConfiguration && mode !== 'awsvpc' ? [error(['proxyConfiguration'], 'needs networkMode awsvpc')] : [];
}

/** Fields that make no sense without, or with, a network interface of the task's own. API_ContainerDefinition. */
function checkModeOfContainer(mode: string | undefined, container: SoundContainer, path: Path): Problem[] {
  const problems: Problem[] = [];
  if (mode === 'none' && (container.portMappings ?? []).length > 0) {
    problems.push(error([...path, 'portMappings'], 'must be empty with networkMode none'));
  }
  if (mode !== undefined && mode !== 'bridge' && (container.links ?? []).length > 0) {
    problems.push(error([...path, 'links'], `needs networkMode bridge, got ${mode}`));
  }
  for (const field of ['hostname', 'extraHosts'] as const) {
    const isUsed = !isIdle(container[field] as never);
    if (mode === 'awsvpc' && isUsed) problems.push(error([...path, field], 'is not supported with networkMode awsvpc'));
  }
  return problems;
}

function checkMapping(mode: string | undefined, mapping: Mapping, path: Path): Problem[] {
  const { containerPort, hostPort, containerPortRange, appProtocol, name } = mapping;
  if (containerPortRange !== undefined) return checkRange(mode, mapping, path);
  const isBound = mode === 'awsvpc' || mode === 'host';
  return [
    ...(containerPort === undefined ? [error(path, 'containerPort or containerPortRange is required')] : []),
    ...(isBound && hostPort && hostPort !== containerPort
      ? [
          error(
            [...path, 'hostPort'],
            `must be left out or be the containerPort ${containerPort} with networkMode ${mode}, got ${hostPort}`,
          ),
        ]
      : []),
    ...(appProtocol !== undefined && name === undefined
      ? [warning([...path, 'appProtocol'], 'has an effect only for a named port mapping (Service Connect)')]
      : []),
  ];
}

/** API_PortMapping, containerPortRange. */
function checkRange(
  mode: string | undefined,
  { containerPort, hostPort, containerPortRange = '' }: Mapping,
  path: Path,
) {
  const at = [...path, 'containerPortRange'];
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(containerPortRange) ?? [];
  const fits = from !== undefined && Number(from) >= 1 && Number(from) < Number(to) && Number(to) <= 65_535;
  return [
    ...(fits
      ? []
      : [error(at, `must be two ports from 1 to 65535, such as 8000-8010, got ${quote(containerPortRange)}`)]),
    ...(containerPort === undefined && hostPort === undefined
      ? []
      : [error(at, 'stands without containerPort and hostPort')]),
    ...(mode === 'host' || mode === 'none' ? [error(at, `needs networkMode bridge or awsvpc, got ${mode}`)] : []),
  ];
}

/** Each is compared with all before it; no container has nearly as many. */
const mostCompared = 500;

/** API_PortMapping: a port is in one mapping of its container, and ranges do not overlap. */
function checkOverlaps({ portMappings }: SoundContainer, path: Path): Problem[] {
  const all = entries([...path, 'portMappings'], portMappings).slice(0, mostCompared);
  const before: Mapping[] = [];
  return all.flatMap(([mapping, at]) => {
    const other = mapping.containerPortRange
      ? before.find((one) => overlap(one, mapping))
      : before.find((one) => one.containerPortRange && overlap(one, mapping));
    before.push(mapping);
    if (!other) return [];
    const shown = ({ containerPort, containerPortRange }: Mapping) => containerPortRange ?? containerPort;
    return [error(at, `${shown(mapping)} overlaps ${shown(other)}, another mapping of this container`)];
  });
}

function overlap(one: Mapping, other: Mapping): boolean {
  const [[from, to], [otherFrom, otherTo]] = [portsOf(one), portsOf(other)];
  return (one.protocol ?? 'tcp') === (other.protocol ?? 'tcp') && from <= otherTo && otherFrom <= to;
}

function portsOf({ containerPort, containerPortRange }: Mapping): readonly [from: number, to: number] {
  const [from = Number.NaN, to = from] = (containerPortRange?.split('-') ?? [containerPort]).map(Number);
  return [from, to];
}

/** Two containers cannot have the same port of one network, nor two mappings the same name. */
function checkConflicts(task: Sound): Problem[] {
  const isShared = task.networkMode === 'awsvpc' || task.networkMode === 'host';
  const all = containersIn(task).flatMap(([{ portMappings }, path]) =>
    entries([...path, 'portMappings'], portMappings),
  );
  const portOf = ({ containerPort, hostPort, protocol = 'tcp' }: Mapping) => {
    const port = isShared ? containerPort : hostPort || undefined;
    return port === undefined ? undefined : `${port}/${protocol}`;
  };
  return [
    ...repeated(all, portOf).map(([mapping, path]) =>
      error(path, `the port ${portOf(mapping)} is taken by another mapping of this task`),
    ),
    ...repeated(all, ({ name }) => name).map(([{ name }, path]) =>
      error([...path, 'name'], `there is more than one port mapping ${JSON.stringify(name)}`),
    ),
  ];
}
