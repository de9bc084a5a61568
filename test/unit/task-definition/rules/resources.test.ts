import { app, ec2, fargate, testRules } from './examples';

testRules([
  [
    'some memory',
    ec2({}, { memory: undefined }),
    `error: ${app}: memory or memoryReservation is required`,
    ec2({ memory: '512' }, { memory: undefined }),
  ],
  [
    'reservation over memory',
    ec2({}, { memoryReservation: 256 }),
    `error: ${app}.memoryReservation: must be less than memory (128), got 256`,
    ec2({}, { memoryReservation: 64 }),
  ],
  [
    'sum of CPU',
    fargate({}, { cpu: 200 }, { name: 'b', cpu: 100 }),
    'error: cpu: the containers reserve 300 CPU units, more than the 256 of the task',
    fargate({}, { cpu: 200 }, { name: 'b', cpu: 56 }),
  ],
  [
    'sum of memory',
    fargate({}, { memory: 500 }, { name: 'b' }),
    'error: memory: the containers reserve 564 MiB, more than the 512',
    fargate({}, { memory: 500, memoryReservation: 400 }, { name: 'b' }),
  ],
  [
    'container over task',
    fargate({}, { memory: 600, memoryReservation: 100 }),
    `error: ${app}.memory: is 600, more than the 512 of the task`,
    fargate({}, { memory: 512 }),
  ],
  [
    'ulimit',
    ec2({}, { ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: 1 }] }),
    `error: ${app}.ulimits[0].softLimit: must be at most the hardLimit 1, got 2`,
    ec2({}, { ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: -1 }] }),
  ],
  [
    'GPUs',
    ec2({}, { resourceRequirements: [{ type: 'GPU', value: 'one' }] }),
    `error: ${app}.resourceRequirements[0].value: must be a number of GPUs or ALL`,
    ec2({}, { resourceRequirements: [{ type: 'GPU', value: '2' }] }),
  ],
  [
    'Neuron',
    ec2({}, { resourceRequirements: [{ type: 'NeuronDevice', value: '1' }] }),
    `error: ${app}.resourceRequirements[0].value: must be ALL`,
    ec2({}, { resourceRequirements: [{ type: 'NeuronDevice', value: 'ALL' }] }),
  ],
]);
