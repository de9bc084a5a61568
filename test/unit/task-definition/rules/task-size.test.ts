import { ec2, fargate, testRules } from './examples';

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
    'error: cpu: must be at least 1024 for Windows',
    fargate({ ...windows, cpu: '1024', memory: '2048' }),
  ],
  ['form of cpu', ec2({ cpu: 'one' }), 'error: cpu: must be CPU units or vCPUs', ec2({ cpu: '1 vCPU' })],
  ['form of memory', ec2({ memory: '512MB' }), 'error: memory: must be MiB or GB', ec2({ memory: '0.5GB' })],
  [
    'CPU elsewhere',
    ec2({ cpu: '100' }),
    'error: cpu: must be from 128 to 196608 CPU units, got 100',
    ec2({ cpu: '192 vCPU' }),
  ],
  [
    'Windows on instances',
    ec2({ ...windows, cpu: '64' }),
    'warning: : cpu and memory of the task are ignored for Windows',
    ec2(windows),
  ],
]);
