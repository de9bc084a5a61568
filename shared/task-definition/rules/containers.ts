import { suggestion } from '../../nearest';
import { once } from '../../once';
import type { Path } from '../document';
import { api, ecs, type Rules } from '../evidence';
import { broken, entries, type Problem, repeated } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, type Rule } from './rule';

export const containerRules = once(
  () =>
    ({
      some: ecs('A task has at least one container.', 'Container list cannot be empty.'),
      essential: ecs(
        'At least one container of a task is essential.',
        "Task definition doesn't have any essential container.",
      ),
      unique: ecs('Each container has a name of its own.', 'Container names must be unique within a Task Definition.'),
      others: api('dependsOn, volumesFrom and links name other containers of the task.', 'ContainerDependency'),
      ends: ecs(
        'A container that another one waits for to end is not essential.',
        'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
      ),
      healthy: api('A container that another one waits for to be healthy has a health check.', 'ContainerDependency'),
      cycle: ecs('Containers do not wait for each other in a circle.', 'Container links should not have a cycle'),
      healthCommand: api('The command of a health check begins with CMD or CMD-SHELL.', 'HealthCheck'),
    }) satisfies Rules,
);

/** Which containers there are, and their names. API_ContainerDefinition. */
export const checkContainers: Rule = ({ sound, source }) => [
  ...(Array.isArray(source['containerDefinitions']) ? checkEssential(sound) : []),
  ...checkNames(sound),
];

/** What containers ask of each other. API_ContainerDependency. */
export const checkDependencies: Rule = ({ sound }) => [...checkOthers(sound), ...checkCycles(sound)];

/** The commands of health checks. API_HealthCheck. */
export const checkHealthChecks: Rule = ({ sound }) =>
  containersIn(sound).flatMap(([container, path]) => checkHealthCheck(container, path));

function checkEssential({ containerDefinitions: containers = [] }: Sound): Problem[] {
  if (containers.length === 0)
    return [broken(containerRules().some, ['containerDefinitions'], 'must hold at least one container')];
  const hasEssential = containers.some(({ essential }) => essential !== false);
  return hasEssential
    ? []
    : [broken(containerRules().essential, ['containerDefinitions'], 'at least one container must be essential')];
}

function checkNames(task: Sound): Problem[] {
  const twice = repeated(containersIn(task), ({ name }) => name);
  return twice.map(([{ name }, path]) =>
    broken(containerRules().unique, [...path, 'name'], `there is more than one container ${JSON.stringify(name)}`),
  );
}

function checkOthers(task: Sound): Problem[] {
  const byName = new Map((task.containerDefinitions ?? []).map((container) => [container.name ?? '', container]));
  return containersIn(task).flatMap(([container, path]) => [
    ...othersNamed(container, path)
      .filter(([name]) => name !== undefined && (name === container.name || !byName.has(name)))
      .map(([name = '', at]) => broken(containerRules().others, at, noOther(name, container, byName))),
    ...entries([...path, 'dependsOn'], container.dependsOn).flatMap(([{ containerName, condition }, at]) =>
      checkCondition(byName.get(containerName ?? ''), condition, [...at, 'condition']),
    ),
  ]);
}

/** Where a container names another one. */
function othersNamed({ dependsOn, volumesFrom, links }: SoundContainer, path: Path): [string | undefined, Path][] {
  return [
    ...entries([...path, 'dependsOn'], dependsOn).map(([{ containerName }, at]): [string | undefined, Path] => [
      containerName,
      [...at, 'containerName'],
    ]),
    ...entries([...path, 'volumesFrom'], volumesFrom).map(([{ sourceContainer }, at]): [string | undefined, Path] => [
      sourceContainer,
      [...at, 'sourceContainer'],
    ]),
    ...entries([...path, 'links'], links).map(([link, at]): [string | undefined, Path] => [link.split(':')[0], at]),
  ];
}

function noOther(name: string, container: SoundContainer, byName: ReadonlyMap<string, unknown>): string {
  const near = name === container.name ? '' : suggestion(name, byName.keys());
  return `there is no other container ${JSON.stringify(name)}${near}`;
}

/** An essential container cannot be waited for to end, and a health check of the image is not seen by ECS. */
function checkCondition(other: SoundContainer | undefined, condition: string | undefined, path: Path): Problem[] {
  if (!other) return [];
  if ((condition === 'COMPLETE' || condition === 'SUCCESS') && other.essential !== false) {
    return [broken(containerRules().ends, path, `${condition} needs ${other.name} to have "essential": false`)];
  }
  const isUnchecked = condition === 'HEALTHY' && other.healthCheck === undefined;
  return isUnchecked
    ? [
        broken(
          containerRules().healthy,
          path,
          `HEALTHY needs ${other.name} to have a healthCheck in the task definition`,
        ),
      ]
    : [];
}

/** Containers that wait for each other never start. */
function checkCycles(task: Sound): Problem[] {
  const containers = task.containerDefinitions ?? [];
  // Far more than ECS accepts, which another rule reports; following all paths through them would take forever.
  if (containers.length > 100) return [];
  const waits = new Map(containers.map((container) => [container.name, awaited(container)]));
  const reported = new Set<string | undefined>();
  return containersIn(task).flatMap(([{ name, dependsOn }, path]) => {
    const cycle = cycleFrom(name, waits);
    if (!cycle || reported.has(name)) return [];
    for (const member of cycle) reported.add(member);
    return [
      broken(
        containerRules().cycle,
        [...path, dependsOn ? 'dependsOn' : 'links'],
        `containers wait for each other: ${cycle.join(' → ')}`,
      ),
    ];
  });
}

/** A link, too, waits for its container. */
const awaited = ({ dependsOn = [], links = [] }: SoundContainer): readonly (string | undefined)[] => [
  ...dependsOn.map(({ containerName }) => containerName),
  ...links.map((link) => link.split(':')[0]),
];

type Waits = ReadonlyMap<string | undefined, readonly (string | undefined)[]>;

/** The shortest way from a container back to itself. */
function cycleFrom(start: string | undefined, waits: Waits): string[] | undefined {
  if (start === undefined) return undefined;
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const containerName of waits.get(way[way.length - 1]) ?? []) {
      if (containerName === start) return [...way, start];
      if (containerName === undefined || seen.has(containerName)) continue;
      seen.add(containerName);
      ways.push([...way, containerName]);
    }
  }
  return undefined;
}

/** API_HealthCheck: the command begins with CMD or CMD-SHELL. */
function checkHealthCheck({ healthCheck }: SoundContainer, path: Path): Problem[] {
  const [first] = healthCheck?.command ?? [];
  if (!healthCheck?.command || ['CMD', 'CMD-SHELL', 'NONE'].includes(first ?? '')) return [];
  return [
    broken(
      containerRules().healthCommand,
      [...path, 'healthCheck', 'command'],
      'must begin with CMD or CMD-SHELL, such as ["CMD-SHELL", "curl -f http://localhost/ || exit 1"], or ECS never knows the health',
    ),
  ];
}
