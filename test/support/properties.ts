import fc from 'fast-check';

/**
 * fast-check for the tests. Properties are tried on the same inputs at each run, so that no change fails by chance on what
 * another one broke; `npm run test:search` seeks new inputs, many more of them.
 */
const factor = Number(process.env.PROPERTY_RUNS ?? 1);

/** So many inputs, or a multiple of them in a search. */
export const tries = (count: number): { readonly numRuns: number } => ({ numRuns: count * factor });

fc.configureGlobal({ ...tries(100), ...(factor === 1 ? { seed: 1 } : {}) });

export { fc };
