// @ts-check
import * as traversal from '@babel/traverse';

/** A CommonJS module, which Node and bundlers hand out in different ways. */
export const traverse = /** @type {typeof traversal.default} */ (
  /** @type {{ default?: unknown }} */ (/** @type {unknown} */ (traversal.default)).default ?? traversal.default
);
