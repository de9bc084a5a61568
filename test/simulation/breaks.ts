import type { Patch } from './command/bundle';

/** A way to break the product that the oracle has to notice. */
export interface Break {
  readonly name: string;
  readonly patches: readonly Patch[];
}

export const breaks: readonly Break[] = [];
