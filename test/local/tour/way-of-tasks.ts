import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EcrState } from '../aws/ecr/state';
import { findEngine } from './launch-container';
import { launchProcess } from './launch-process';
import { createUnpacker } from './task-images';
import type { Launch } from './task-runtime';

/** How the tasks of a local run are run on this machine. */
export interface WayOfTasks {
  readonly launch: Launch;
  /** What a task is, for the reader: `a container of podman`. */
  readonly words: string;
  /** Takes away what it has left on this machine. */
  close(): Promise<void>;
}

interface Choice {
  readonly folder: string;
  readonly containers: boolean;
  /** The first image that tasks are to run, in this registry. */
  readonly image: string;
  readonly registryHost: string;
}

/** Containers where an engine can run the first image, else plain processes. */
export async function chooseWay(ecr: EcrState, choice: Choice): Promise<WayOfTasks> {
  const { folder, image, registryHost: host } = choice;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const trial = { arn: 'trial', image, environment: {}, containerPort: 80 };
  const registry = { host, password: ecr.tokens.issue().password };
  const engine = choice.containers
    ? await findEngine(trial, { env: process.env, folder, registry })
    : { none: 'as asked for' };
  if (!('none' in engine)) {
    const { name, launch, close } = engine;
    return { launch, words: `a container of ${name}, with the Node of this machine mounted into it`, close };
  }
  return {
    launch: launchProcess(createUnpacker(() => ecr, join(folder, 'images'))),
    words: `a plain process of this machine (no containers: ${engine.none})`,
    close: async () => {},
  };
}
