import { expect, it } from '@jest/globals';
import { app, ec2, fargate, found, testRules } from './examples';

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
    `warning: ${app}.memoryReservation: must be less than memory (128), got 256`,
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
    'warning: memory: the containers reserve 564 MiB, more than the 512',
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
    `warning: ${app}.ulimits[0].softLimit: must be at most the hardLimit 1, got 2`,
    ec2({}, { ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: -1 }] }),
  ],
  [
    'GPUs',
    ec2({}, { resourceRequirements: [{ type: 'GPU', value: 'one' }] }),
    `warning: ${app}.resourceRequirements[0].value: must be a number of GPUs or ALL`,
    ec2({}, { resourceRequirements: [{ type: 'GPU', value: '2' }] }),
  ],
  [
    'Neuron',
    ec2({}, { resourceRequirements: [{ type: 'NeuronDevice', value: '1' }] }),
    `warning: ${app}.resourceRequirements[0].value: must be ALL`,
    ec2({}, { resourceRequirements: [{ type: 'NeuronDevice', value: 'ALL' }] }),
  ],
  [
    'number of GPUs',
    ec2({}, { resourceRequirements: [{ type: 'GPU', value: '0' }] }),
    `warning: ${app}.resourceRequirements[0].value: must be a number of GPUs or ALL, got "0"`,
    ec2({}, { resourceRequirements: [{ type: 'GPU', value: 'ALL' }] }),
  ],
]);

it('asks for an accelerator that the task has', () => {
  const task = { inferenceAccelerators: [{ deviceName: 'a', deviceType: 'eia1.medium' }] };
  const finding = `warning: ${app}.resourceRequirements[0].value: must be the deviceName of one of the inferenceAccelerators`;
  const needs = (value: string) => ({ resourceRequirements: [{ type: 'InferenceAccelerator', value }] });
  expect(found(ec2(task, needs('b')))).toContain(finding);
  // Elastic Inference has ended, which is a warning of its own.
  expect(found(ec2(task, needs('a')))).not.toContain(finding);
});
