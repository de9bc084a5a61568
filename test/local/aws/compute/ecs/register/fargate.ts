import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { unitsOf } from '../units';
import { first, type Refusal } from './refusal';

/** Fargate's CPU units, each with the least and the most memory and the step between, in MiB. */
const sizes: Readonly<Record<string, readonly number[]>> = {
  '256': [512, 1024, 2048],
  '512': steps(1024, 4096, 1024),
  '1024': steps(2048, 8192, 1024),
  '2048': steps(4096, 16_384, 1024),
  '4096': steps(8192, 30_720, 1024),
  '8192': steps(16_384, 61_440, 4096),
  '16384': steps(32_768, 122_880, 8192),
};

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}

const drivers = ['awslogs', 'splunk', 'awsfirelens'];

export function refusalOfFargate(input: RegisterTaskDefinitionRequest): Refusal {
  if (!input.requiresCompatibilities?.includes('FARGATE')) return undefined;
  const { networkMode, cpu = '', memory = '', ipcMode, volumes = [], containerDefinitions = [] } = input;
  const [units, mebibytes] = [unitsOf(cpu, 1024, /vcpus?$/i), unitsOf(memory, 1024, /gb$/i)];
  const odd = containerDefinitions
    .map(({ logConfiguration }) => logConfiguration?.logDriver)
    .find((driver) => driver !== undefined && !drivers.includes(driver));
  return first(
    networkMode !== 'awsvpc' && 'Fargate only supports network mode ‘awsvpc’.',
    cpu === '' && "Fargate requires that 'cpu' be defined at the task level.",
    memory === '' && "Fargate requires that 'memory' be defined at the task level.",
    !sizes[units]?.includes(mebibytes) &&
      `No Fargate configuration exists for given values: ${units} CPU, ${mebibytes} memory.`,
    ipcMode !== undefined && 'Tasks using the Fargate launch type do not support ipcMode.',
    volumes.some(({ host }) => host?.sourcePath) && 'host.sourcePath should not be set for volumes in Fargate.',
    odd !== undefined && `${odd} is not a valid log driver. Must be one of [${drivers.join(', ')}]`,
  );
}
