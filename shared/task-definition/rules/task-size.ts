import { once } from '../../once';
import { api, ecs, guide, type Rules } from '../evidence';
import { broken, type Problem, quote } from '../problem';
import type { Sound } from '../walk';
import { isFargate, isWindows, type Rule } from './rule';

export const sizeRules = once(
  () =>
    ({
      cpuForm: ecs('The CPU of a task is a number of units or of vCPUs.', "Invalid 'cpu' setting for task."),
      // The Developer Guide ("Troubleshoot invalid CPU or memory errors") shows this text for a wrong memory, too.
      memoryForm: ecs('The memory of a task is a number of MiB or of GB.', "Invalid 'cpu' setting for task."),
      required: ecs(
        'A task for Fargate has CPU and memory.',
        "Fargate requires that 'cpu' be defined at the task level.",
      ),
      fargate: ecs(
        'CPU and memory are a pair that Fargate offers.',
        'No Fargate configuration exists for given values.',
      ),
      windows: guide('A Windows task on Fargate has 1 to 4 vCPU.', 'task_definition_parameters'),
      bounds: api('The CPU of a task outside Fargate is 128 to 196608 units.', 'RegisterTaskDefinition'),
      ignored: api(
        'CPU and memory of a Windows task outside Fargate are set for its containers.',
        'RegisterTaskDefinition',
      ),
    }) satisfies Rules,
);

/** API_RegisterTaskDefinition, cpu and memory: what Fargate offers. Memory in MiB by CPU units: from, to, in steps of. */
const fargateMemory: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  256: [512, 2048, 0],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

/** No size is written with more characters. */
const longestSize = 100;

/** CPU units of the task: `256`, `.25 vCPU`. Undefined where the text is neither. */
export function cpuUnits(text: string): number | undefined {
  if (text.length > longestSize) return undefined;
  const [, units] = /^(\d+)$/.exec(text.trim()) ?? [];
  const [, cores] = /^(\d+|\d*\.\d+)\s*vcpus?$/.exec(text.trim().toLowerCase()) ?? [];
  return units !== undefined ? Number(units) : cores !== undefined ? Number(cores) * 1024 : undefined;
}

/** MiB of memory of the task: `512`, `0.5 GB`. Undefined where the text is neither. */
export function memoryMiB(text: string): number | undefined {
  if (text.length > longestSize) return undefined;
  const [, mebibytes] = /^(\d+)$/.exec(text.trim()) ?? [];
  const [, gigabytes] = /^(\d+|\d*\.\d+)\s*gb$/.exec(text.trim().toLowerCase()) ?? [];
  return mebibytes !== undefined ? Number(mebibytes) : gigabytes !== undefined ? Number(gigabytes) * 1024 : undefined;
}

/** CPU and memory of the task. An empty text is as none. */
export const checkTaskSize: Rule = ({ sound, source }) => {
  const cpu = sound.cpu ? cpuUnits(sound.cpu) : undefined;
  const memory = sound.memory ? memoryMiB(sound.memory) : undefined;
  const badForms = [
    ...(sound.cpu && cpu === undefined
      ? [
          broken(
            sizeRules().cpuForm,
            ['cpu'],
            `must be CPU units or vCPUs, such as "256" or ".25 vCPU", got ${quote(sound.cpu)}`,
          ),
        ]
      : []),
    ...(sound.memory && memory === undefined
      ? [
          broken(
            sizeRules().memoryForm,
            ['memory'],
            `must be MiB or GB, such as "512" or "0.5 GB", got ${quote(sound.memory)}`,
          ),
        ]
      : []),
  ];
  // What is there with a wrong type has its finding already.
  const isUnsound = (['cpu', 'memory'] as const).some(
    (field) => sound[field] === undefined && source[field] !== undefined,
  );
  if (badForms.length > 0 || isUnsound) return badForms;
  return isFargate(sound) ? checkFargate(sound, cpu, memory) : checkElsewhere(sound, cpu);
};

function checkFargate(task: Sound, cpu: number | undefined, memory: number | undefined): Problem[] {
  if (cpu === undefined || memory === undefined) {
    const missing = cpu === undefined ? (memory === undefined ? 'cpu and memory are' : 'cpu is') : 'memory is';
    return [broken(sizeRules().required, [], `${missing} required for Fargate, such as "256" and "512"`)];
  }
  const offered = fargateMemory[cpu];
  if (!offered)
    return [
      broken(
        sizeRules().fargate,
        ['cpu'],
        `must be one of ${Object.keys(fargateMemory).join(', ')} for Fargate, got ${cpu}`,
      ),
    ];
  // Developer Guide, "Task size": 8 and 16 vCPU need platform version 1.4.0 for Linux.
  const large = isWindows(task) && cpu > 4096;
  const windows = isWindows(task) && cpu < 1024;
  return [
    ...(windows
      ? [broken(sizeRules().windows, ['cpu'], `must be at least 1024 for Windows containers on Fargate, got ${cpu}`)]
      : []),
    ...(large
      ? [broken(sizeRules().windows, ['cpu'], `must be at most 4096 for Windows containers on Fargate, got ${cpu}`)]
      : []),
    ...(fits(memory, offered)
      ? []
      : [
          broken(
            sizeRules().fargate,
            ['memory'],
            `must be ${inWords(offered)} MiB for Fargate with ${cpu} CPU units, got ${memory}`,
          ),
        ]),
  ];
}

/** The smallest size doubles instead of growing in steps. */
function fits(memory: number, [from, to, step]: readonly [number, number, number]): boolean {
  if (step === 0) return [512, 1024, 2048].includes(memory);
  return memory >= from && memory <= to && (memory - from) % step === 0;
}

const inWords = ([from, to, step]: readonly [number, number, number]) =>
  step === 0 ? '512, 1024 or 2048' : `${from} to ${to} in steps of ${step}`;

/** API_RegisterTaskDefinition, cpu: the bounds for EC2 and external instances; ignored for Windows. */
function checkElsewhere(task: Sound, cpu: number | undefined): Problem[] {
  if (isWindows(task) && (task.cpu || task.memory)) {
    return [
      broken(
        sizeRules().ignored,
        [],
        'cpu and memory of the task are ignored for Windows; set them for the containers',
      ),
    ];
  }
  const fits = cpu === undefined || (cpu >= 128 && cpu <= 196_608);
  return fits ? [] : [broken(sizeRules().bounds, ['cpu'], `must be from 128 to 196608 CPU units, got ${cpu}`)];
}
