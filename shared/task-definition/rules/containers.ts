import type { Path } from '../document';
import { suggestion } from '../nearest';
import { entries, error, type Problem, repeated } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, type Rule } from './rule';

/** Names of containers, and what containers ask of each other. API_ContainerDefinition, API_ContainerDependency. */
export const checkContainers: Rule = ({ sound, source }) => [
  ...(Array.isArray(source['containerDefinitions']) ? checkEssential(sound) : []),
  ...checkNames(sound),
  ...containersIn(sound).flatMap(([container, path]) => checkDependencies(sound, container, path)),
  ...checkCycles(sound),
  ...containersIn(sound).flatMap(([container, path]) => checkHealthCheck(container, path)),
];

function checkEssential({ containerDefinitions: containers = [] }: Sound): Problem[] {
  if (containers.length === 0) return [error(['containerDefinitions'], 'must hold at least one container')];
  const hasEssential = containers.some(({ essential }) => essential !== false);
  return hasEssential ? [] : [error(['containerDefinitions'], 'at least one container must be essential')];
}

function checkNames(task: Sound): Problem[] {
  const twice = repeated(containersIn(task), ({ name }) => name);
  return twice.map(([{ name }, path]) =>
    error([...path, 'name'], `there is more than one container ${JSON.stringify(name)}`),
  );
}

function checkDependencies(task: Sound, container: SoundContainer, path: Path): Problem[] {
  const others = new Map((task.containerDefinitions ?? []).map((other) => [other.name, other]));
  const names = [...others.keys()].filter((name): name is string => name !== undefined && name !== container.name);
  const unknown = (name: string | undefined, at: Path) =>
    name === undefined || names.includes(name)
      ? []
      : [error(at, `there is no other container ${JSON.stringify(name)}${suggestion(name, names)}`)];
  const dependencies = entries([...path, 'dependsOn'], container.dependsOn);
  return [
    ...dependencies.flatMap(([{ containerName }, at]) => unknown(containerName, [...at, 'containerName'])),
    ...dependencies.flatMap(([{ containerName, condition }, at]) =>
      checkCondition(others.get(containerName), condition, [...at, 'condition']),
    ),
    ...entries([...path, 'volumesFrom'], container.volumesFrom).flatMap(([{ sourceContainer }, at]) =>
      unknown(sourceContainer, [...at, 'sourceContainer']),
    ),
    ...entries([...path, 'links'], container.links).flatMap(([link, at]) => unknown(link.split(':')[0], at)),
  ];
}

/** An essential container cannot be waited for to end, and a health check of the image is not seen by ECS. */
function checkCondition(other: SoundContainer | undefined, condition: string | undefined, path: Path): Problem[] {
  if (!other) return [];
  if ((condition === 'COMPLETE' || condition === 'SUCCESS') && other.essential !== false) {
    return [error(path, `${condition} needs ${other.name} to have "essential": false`)];
  }
  const isUnchecked = condition === 'HEALTHY' && other.healthCheck === undefined;
  return isUnchecked ? [error(path, `HEALTHY needs ${other.name} to have a healthCheck in the task definition`)] : [];
}

/** Containers that wait for each other never start. */
function checkCycles(task: Sound): Problem[] {
  const waits = new Map((task.containerDefinitions ?? []).map(({ name, dependsOn }) => [name, dependsOn ?? []]));
  const reported = new Set<string | undefined>();
  return containersIn(task).flatMap(([{ name }, path]) => {
    const cycle = cycleFrom(name, waits);
    if (!cycle || reported.has(name)) return [];
    for (const member of cycle) reported.add(member);
    return [error([...path, 'dependsOn'], `containers wait for each other: ${cycle.join(' → ')}`)];
  });
}

type Waits = ReadonlyMap<string | undefined, readonly { readonly containerName?: string | undefined }[]>;

/** The shortest way from a container back to itself. */
function cycleFrom(start: string | undefined, waits: Waits): string[] | undefined {
  if (start === undefined) return undefined;
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const { containerName } of waits.get(way[way.length - 1]) ?? []) {
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
    error(
      [...path, 'healthCheck', 'command'],
      'must begin with CMD or CMD-SHELL, such as ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]',
    ),
  ];
}
