import { once } from '../../once';
import { type Path, partAt, type TaskDefinition } from '../document';
import { api, ecs, type Rules } from '../evidence';
import { broken, entries, type Problem } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, isFargate, isWindows, type Rule } from './rule';
import { cpuUnits, memoryMiB } from './task-size';

export const resourceRules = once(
  () =>
    ({
      memory: ecs(
        'A container has a memory of its own where the task has none.',
        "Invalid setting for container 'NAME'. At least one of 'memory' or 'memoryReservation' must be specified.",
      ),
      reservation: api('A container reserves no more memory than it may have.', 'ContainerDefinition'),
      scarce: api('A container has at least 6 MiB of memory.', 'ContainerDefinition'),
      cpuSum: ecs(
        'The containers reserve no more CPU than the task has.',
        "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
      ),
      memoryOver: ecs(
        'A container has no more memory than the task.',
        "The 'memory' setting for container 'NAME' is greater than for the task.",
      ),
      memorySum: api('The containers reserve no more memory than the task has.', 'ContainerDefinition'),
      ulimit: api('A soft limit is at most the hard one.', 'Ulimit'),
      device: api('A device is asked for in its own words.', 'ResourceRequirement'),
    }) satisfies Rules,
);

/** Memory that is set nowhere. */
export const checkMissingMemory: Rule = ({ sound, source }) =>
  isFargate(sound) ? [] : containersIn(sound).flatMap(([, path]) => checkMissing(source, path));

/** What the containers take of the task's CPU and memory, and special devices. API_ContainerDefinition. */
export const checkDemands: Rule = ({ sound }) => [
  ...containersIn(sound).flatMap(([container, path]) => checkMemory(container, path)),
  ...checkSums(sound),
  ...containersIn(sound).flatMap(([container, path]) => checkUlimits(container, path)),
  ...containersIn(sound).flatMap(([container, path]) => checkDevices(sound, container, path)),
];

function checkMissing(source: TaskDefinition, path: Path): Problem[] {
  // Asked of what was written: a memory of the wrong type has its finding already.
  const places = [['memory'], [...path, 'memory'], [...path, 'memoryReservation']];
  const isGiven = places.some((place) => (partAt(source, place) ?? '') !== '');
  return isGiven
    ? []
    : [broken(resourceRules().memory, path, 'memory or memoryReservation is required where the task has no memory')];
}

function checkMemory({ memory, memoryReservation }: SoundContainer, path: Path): Problem[] {
  const problems: Problem[] = [];
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation) {
    problems.push(
      broken(
        resourceRules().reservation,
        [...path, 'memoryReservation'],
        `must be less than memory (${memory}), got ${memoryReservation}`,
      ),
    );
  }
  for (const [field, given] of Object.entries({ memory, memoryReservation })) {
    const isScarce = given === 4 || given === 5;
    if (isScarce)
      problems.push(
        broken(resourceRules().scarce, [...path, field], `Docker 20.10 and later need 6 MiB, got ${given}`),
      );
  }
  return problems;
}

function checkSums(task: Sound): Problem[] {
  // ECS ignores the task's size for Windows containers outside Fargate.
  if (isWindows(task) && !isFargate(task)) return [];
  const containers = task.containerDefinitions ?? [];
  const cpu = task.cpu ? cpuUnits(task.cpu) : undefined;
  const memory = task.memory ? memoryMiB(task.memory) : undefined;
  const usedCpu = sum(containers.map((container) => container.cpu ?? 0));
  const usedMemory = sum(containers.map((container) => container.memoryReservation ?? container.memory ?? 0));
  return [
    ...(cpu !== undefined && usedCpu > cpu
      ? [
          broken(
            resourceRules().cpuSum,
            ['cpu'],
            `the containers reserve ${usedCpu} CPU units, more than the ${cpu} of the task`,
          ),
        ]
      : []),
    ...(memory !== undefined && usedMemory > memory
      ? [
          broken(
            resourceRules().memorySum,
            ['memory'],
            `the containers reserve ${usedMemory} MiB, more than the ${memory} of the task`,
          ),
        ]
      : []),
    ...containersIn(task)
      .filter(([container]) => memory !== undefined && (container.memory ?? 0) > memory)
      .map(([container, path]) =>
        broken(
          resourceRules().memoryOver,
          [...path, 'memory'],
          `is ${container.memory}, more than the ${memory} of the task`,
        ),
      ),
  ];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** setrlimit(2): the soft limit is at most the hard one; a negative limit is none. */
function checkUlimits({ ulimits }: SoundContainer, path: Path): Problem[] {
  return entries([...path, 'ulimits'], ulimits).flatMap(([{ softLimit, hardLimit }, at]) => {
    const isOver = softLimit !== undefined && hardLimit !== undefined && hardLimit >= 0 && softLimit > hardLimit;
    return isOver
      ? [
          broken(
            resourceRules().ulimit,
            [...at, 'softLimit'],
            `must be at most the hardLimit ${hardLimit}, got ${softLimit}`,
          ),
        ]
      : [];
  });
}

/** API_ResourceRequirement. */
function checkDevices(task: Sound, { resourceRequirements }: SoundContainer, path: Path): Problem[] {
  const accelerators = (task.inferenceAccelerators ?? []).map(({ deviceName }) => deviceName);
  return entries([...path, 'resourceRequirements'], resourceRequirements).flatMap(([{ type, value }, at]) => {
    if (type === 'GPU' && value !== undefined && !/^([1-9]\d*|ALL)$/.test(value)) {
      return [
        broken(
          resourceRules().device,
          [...at, 'value'],
          `must be a number of GPUs or ALL, got ${JSON.stringify(value)}`,
        ),
      ];
    }
    if (type === 'NeuronDevice' && value !== 'ALL')
      return [broken(resourceRules().device, [...at, 'value'], 'must be ALL for a NeuronDevice')];
    if (type === 'InferenceAccelerator' && !accelerators.includes(value)) {
      return [
        broken(resourceRules().device, [...at, 'value'], 'must be the deviceName of one of the inferenceAccelerators'),
      ];
    }
    return [];
  });
}
