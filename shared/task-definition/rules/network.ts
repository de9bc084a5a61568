import { once } from '../../once';
import type { Path } from '../document';
import { api, ecs, type Rules } from '../evidence';
import { broken, entries, isIdle, type Problem, quote, repeated } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, isFargate, type Rule } from './rule';

export const networkRules = once(
  () =>
    ({
      fargate: ecs('A task for Fargate has the network mode awsvpc.', 'Fargate only supports network mode ‘awsvpc’.'),
      proxy: api('A task with a proxy has the network mode awsvpc.', 'ProxyConfiguration'),
      none: api('A task without a network maps no ports.', 'ContainerDefinition'),
      linksAwsvpc: ecs('No links with awsvpc.', 'Links are not supported when networkMode=awsvpc.'),
      links: api('Links need the network mode bridge.', 'ContainerDefinition'),
      hostname: ecs('No hostname with awsvpc.', 'hostname is not supported on container when networkMode=awsvpc.'),
      extraHosts: api('No further hosts with awsvpc.', 'ContainerDefinition'),
      port: api('A port mapping has a port or a range of ports.', 'PortMapping'),
      hostPort: ecs(
        'With awsvpc and host, a port is its own host port.',
        'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
      ),
      unnamed: api('Only a named port has a protocol of the application.', 'PortMapping'),
      range: api('A range of ports is two ports, in a network that allows it.', 'PortMapping'),
      overlap: api('The ports of a container do not overlap.', 'PortMapping'),
      conflict: api('No two mappings have the same port of one network.', 'PortMapping'),
      names: api('Each port mapping has a name of its own.', 'PortMapping'),
    }) satisfies Rules,
);

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
      broken(
        networkRules().fargate,
        path,
        `${mode === undefined ? 'networkMode ' : ''}must be awsvpc for Fargate, got ${mode ?? 'none'}`,
      ),
    ];
  }
  // Developer Guide, "App Mesh": the proxy needs the task's own network interface.
  return proxyConfiguration && mode !== 'awsvpc'
    ? [broken(networkRules().proxy, ['proxyConfiguration'], 'needs networkMode awsvpc')]
    : [];
}

/** Fields that make no sense without, or with, a network interface of the task's own. API_ContainerDefinition. */
function checkModeOfContainer(mode: string | undefined, container: SoundContainer, path: Path): Problem[] {
  const problems: Problem[] = [];
  if (mode === 'none' && (container.portMappings ?? []).length > 0) {
    problems.push(broken(networkRules().none, [...path, 'portMappings'], 'must be empty with networkMode none'));
  }
  if (mode !== undefined && mode !== 'bridge' && (container.links ?? []).length > 0) {
    const rule = mode === 'awsvpc' ? networkRules().linksAwsvpc : networkRules().links;
    problems.push(broken(rule, [...path, 'links'], `needs networkMode bridge, got ${mode}`));
  }
  for (const field of ['hostname', 'extraHosts'] as const) {
    const isUsed = !isIdle(container[field] as never);
    if (mode === 'awsvpc' && isUsed)
      problems.push(broken(networkRules()[field], [...path, field], 'is not supported with networkMode awsvpc'));
  }
  return problems;
}

function checkMapping(mode: string | undefined, mapping: Mapping, path: Path): Problem[] {
  const { containerPort, hostPort, containerPortRange, appProtocol, name } = mapping;
  if (containerPortRange !== undefined) return checkRange(mode, mapping, path);
  const isBound = mode === 'awsvpc' || mode === 'host';
  return [
    ...(containerPort === undefined
      ? [broken(networkRules().port, path, 'containerPort or containerPortRange is required')]
      : []),
    ...(isBound && hostPort && hostPort !== containerPort
      ? [
          broken(
            networkRules().hostPort,
            [...path, 'hostPort'],
            `must be left out or be the containerPort ${containerPort} with networkMode ${mode}, got ${hostPort}`,
          ),
        ]
      : []),
    ...(appProtocol !== undefined && name === undefined
      ? [
          broken(
            networkRules().unnamed,
            [...path, 'appProtocol'],
            'has an effect only for a named port mapping (Service Connect)',
          ),
        ]
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
      : [
          broken(
            networkRules().range,
            at,
            `must be two ports from 1 to 65535, such as 8000-8010, got ${quote(containerPortRange)}`,
          ),
        ]),
    ...(containerPort === undefined && hostPort === undefined
      ? []
      : [broken(networkRules().range, at, 'cannot be combined with containerPort or hostPort')]),
    ...(mode === 'host' || mode === 'none'
      ? [broken(networkRules().range, at, `needs networkMode bridge or awsvpc, got ${mode}`)]
      : []),
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
    return [
      broken(
        networkRules().overlap,
        at,
        `${shown(mapping)} overlaps ${shown(other)}, another mapping of this container`,
      ),
    ];
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
      broken(networkRules().conflict, path, `the port ${portOf(mapping)} is taken by another mapping of this task`),
    ),
    ...repeated(all, ({ name }) => name).map(([{ name }, path]) =>
      broken(networkRules().names, [...path, 'name'], `there is more than one port mapping ${JSON.stringify(name)}`),
    ),
  ];
}
