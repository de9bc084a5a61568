/** How many runs use the process at the moment, and what it was like before the first of them. */
let borrowers = 0;
let before: { readonly env: NodeJS.ProcessEnv; readonly random: () => number } | undefined;

/**
 * Gives the process of a test the environment of a run, which the SDK reads by itself, and makes all chance small, so that
 * every backoff with full jitter is over at once. The answer gives everything back. Jest runs each file of tests with a `process` and
 * a `Math` of its own, so no other file can see it.
 */
export function borrowProcess(env: Readonly<Record<string, string | undefined>>, keepsChance = false): () => void {
  before ??= { env: process.env, random: Math.random };
  borrowers++;
  process.env = { ...env } as NodeJS.ProcessEnv;
  const { random } = before;
  if (!keepsChance) Math.random = () => random() / 1e6;
  return () => {
    borrowers--;
    if (borrowers > 0 || !before) return;
    process.env = before.env;
    Math.random = before.random;
    before = undefined;
  };
}
