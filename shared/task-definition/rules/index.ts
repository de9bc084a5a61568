import type { Problem } from '../problem';
import type { Walk } from '../walk';

/** A rule of ECS. Pure; sees the sound parts only, so it never meets a value of the wrong type. */
export type Rule = (walk: Walk) => readonly Problem[];

export const rules: readonly Rule[] = [];
