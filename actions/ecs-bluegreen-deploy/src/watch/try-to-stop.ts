import { explainAwsError } from '../../../../shared/aws/errors';
import type { Log } from '../../../../shared/host/log';

/** What came of stopping a deployment: it had ended by itself, or could not be stopped. */
export type Stopping = 'stopped' | 'ended' | 'failed';

/** Stops a deployment at the end of a run, where a failure to stop it must not hide why it was to be stopped. */
export async function tryToStop(stop: () => Promise<boolean>, { log }: { readonly log: Log }): Promise<Stopping> {
  try {
    return (await stop()) ? 'stopped' : 'ended';
  } catch (error) {
    const why = explainAwsError(error)?.message ?? (error instanceof Error ? error.message : String(error));
    log.warn(`The deployment could not be stopped: ${why}`);
    return 'failed';
  }
}
