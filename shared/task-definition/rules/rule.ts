import { entries, type Problem } from '../problem';
import type { Sound, SoundContainer, Walk } from '../walk';

/** A group of rules of ECS. It sees the sound parts only, so it never meets a value of the wrong type. */
export type Rule = (walk: Walk) => readonly Problem[];

export const isFargate = (task: Sound): boolean => task.requiresCompatibilities?.includes('FARGATE') ?? false;

export const isExternal = (task: Sound): boolean => task.requiresCompatibilities?.includes('EXTERNAL') ?? false;

export const isWindows = (task: Sound): boolean =>
  task.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ?? false;

/** The containers with their paths. */
export const containersIn = (task: Sound): [container: SoundContainer, path: (string | number)[]][] =>
  entries(['containerDefinitions'], task.containerDefinitions);
