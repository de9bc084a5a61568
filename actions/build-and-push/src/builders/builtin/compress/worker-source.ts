/** The program of `worker.ts` as a text. Undefined where nothing was bundled: then one thread does all. */
export const workerSource: string | undefined = undefined;
