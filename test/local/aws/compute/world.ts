import { createHash } from 'node:crypto';
import { partitionOf } from '../../../../shared/aws/arn';
import type { SimulationClock } from '../clock';
import type { Changes } from './course';
import type { TaskRuntime } from './runtime';
import type { Scenario } from './scenario';
import type { State } from './state';
import type { Timing } from './timing';

/** What every part of the simulation works with. */
export interface World {
  readonly clock: SimulationClock;
  /** Notified of every change of tasks, targets, fleets, alarms and the scenario. */
  readonly changes: Changes;
  readonly account: string;
  readonly region: string;
  readonly state: State;
  readonly timing: Timing;
  readonly runtime: TaskRuntime | undefined;
  readonly ids: Ids;
  scenario: Scenario;
  imageExists(image: string): boolean;
  /** The digest that an image has now. */
  imageDigest(image: string): string;
  emit(event: ComputeEvent): void;
}

/** Something that happened, for whoever shows or records it. */
export type ComputeEvent =
  | { readonly type: 'task'; readonly at: number; readonly taskArn: string; readonly status: string }
  | { readonly type: 'target'; readonly at: number; readonly taskArn: string; readonly state: string }
  | {
      readonly type: 'traffic';
      readonly at: number;
      readonly listenerArn: string;
      readonly weights: readonly { readonly targetGroupArn: string; readonly weight: number }[];
    }
  | {
      readonly type: 'lifecycle';
      readonly at: number;
      readonly id: string;
      readonly event: string;
      readonly status: string;
    }
  | { readonly type: 'deployment'; readonly at: number; readonly id: string; readonly status: string };

/** Ids of AWS's forms, the same in every run. */
export interface Ids {
  hex(length: number): string;
  digits(length: number): string;
  upper(length: number): string;
  uuid(): string;
}

export function createIds(seed: string): Ids {
  let count = 0;
  const bytes = () => createHash('sha512').update(`${seed}/${count++}`).digest();
  const from = (alphabet: string, length: number) =>
    [...bytes().subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
  const hex = (length: number) => bytes().toString('hex').slice(0, length);
  return {
    hex,
    digits: (length) => from('123456789', length),
    upper: (length) => from('ABCDEFGHJKLMNPQRSTUVWXYZ123456789', length),
    uuid: () =>
      hex(32)
        .replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12})$/, '$1-$2-4$3-$4$5')
        .slice(0, 36),
  };
}

/** An ARN of this account and region. */
export const arnOf = (world: World, service: string, resource: string): string =>
  `arn:${partitionOf(world.region)}:${service}:${world.region}:${world.account}:${resource}`;

/** The ARN of a role, or of a session of one: neither has a region. */
export const roleArnOf = (world: World, service: 'iam' | 'sts', resource: string): string =>
  `arn:${partitionOf(world.region)}:${service}::${world.account}:${resource}`;

export const dateOf = (world: World): Date => new Date(world.clock.now());
