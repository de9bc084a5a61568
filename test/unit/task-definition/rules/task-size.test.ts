import { expect, it } from '@jest/globals';
import { ec2, fargate, found, testRules } from './examples';

const windows = { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } };

testRules([
  [
    'Fargate without size',
    fargate({ cpu: undefined, memory: undefined }),
    'error: : cpu and memory are required for Fargate',
    fargate(),
  ],
  ['Fargate with empty memory', fargate({ memory: '' }), 'error: : memory is required for Fargate', fargate()],
  [
    'Fargate CPU',
    fargate({ cpu: '300' }),
    'error: cpu: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 for Fargate, got 300',
    fargate({ cpu: '.25 vCPU' }),
  ],
  [
    'Fargate memory of the smallest',
    fargate({ memory: '1536' }),
    'error: memory: must be 512, 1024 or 2048 MiB for Fargate with 256 CPU units, got 1536',
    fargate({ memory: '2 GB' }),
  ],
  [
    'Fargate memory in steps',
    fargate({ cpu: '8192', memory: '18432' }),
    'error: memory: must be 16384 to 61440 in steps of 4096 MiB',
    fargate({ cpu: '8 vcpu', memory: '20GB' }),
  ],
  [
    'most Fargate memory',
    fargate({ cpu: '16384', memory: '122881' }),
    'error: memory: must be 32768 to 122880',
    fargate({ cpu: '16384', memory: '122880' }),
  ],
  [
    'Windows on Fargate',
    fargate(windows),
    'warning: cpu: must be at least 1024 for Windows',
    fargate({ ...windows, cpu: '1024', memory: '2048' }),
  ],
  ['form of cpu', ec2({ cpu: 'one' }), 'error: cpu: must be CPU units or vCPUs', ec2({ cpu: '1 vCPU' })],
  ['form of memory', ec2({ memory: '512MB' }), 'error: memory: must be MiB or GB', ec2({ memory: '0.5GB' })],
  [
    'CPU elsewhere',
    ec2({ cpu: '100' }),
    'warning: cpu: must be from 128 to 196608 CPU units, got 100',
    ec2({ cpu: '192 vCPU' }),
  ],
  [
    'Windows on instances',
    ec2({ ...windows, cpu: '64' }),
    'warning: : cpu and memory of the task are ignored for Windows',
    ec2(windows),
  ],
  [
    'large Windows on Fargate',
    fargate({ ...windows, cpu: '8192', memory: '16384' }),
    'warning: cpu: must be at most 4096 for Windows containers on Fargate, got 8192',
    fargate({ ...windows, cpu: '4096', memory: '16384' }),
  ],
  ['most CPU elsewhere', ec2({ cpu: '196609' }), 'warning: cpu: must be from 128 to 196608', ec2({ cpu: '196608' })],
  ['least CPU elsewhere', ec2({ cpu: '127' }), 'warning: cpu: must be from 128 to 196608', ec2({ cpu: '128' })],
]);

/** API_RegisterTaskDefinition, cpu and memory, in MiB: the bounds and a step; just outside them and between two steps. */
const sizes: readonly [cpu: number, sound: readonly number[], broken: readonly number[]][] = [
  [256, [512, 1024, 2048], [511, 768, 1536, 3072, 4096]],
  [512, [1024, 2048, 4096], [0, 512, 1023, 1536, 4097, 5120]],
  [1024, [2048, 3072, 8192], [1024, 2047, 2560, 8193, 9216]],
  [2048, [4096, 5120, 16_384], [3072, 4095, 4608, 16_385, 17_408]],
  [4096, [8192, 9216, 30_720], [7168, 8191, 8704, 30_721, 31_744]],
  [8192, [16_384, 20_480, 61_440], [12_288, 16_383, 17_408, 61_441, 65_536]],
  [16_384, [32_768, 40_960, 122_880], [24_576, 32_767, 36_864, 122_881, 131_072]],
];

it.each(sizes)('the memory that Fargate has for %d CPU units', (cpu, sound, broken) => {
  const findings = (memory: number) => found(fargate({ cpu: `${cpu}`, memory: `${memory}` }, { memory: 6 }));
  expect(sound.map(findings)).toEqual(sound.map(() => []));
  for (const memory of broken) {
    const finding = new RegExp(`^error: memory: must be .* MiB for Fargate with ${cpu} CPU units, got ${memory}$`);
    expect(findings(memory)).toContainEqual(expect.stringMatching(finding));
  }
});
