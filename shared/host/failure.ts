import { explainAwsError } from '../aws/errors';
import { ActionError, exitStatus } from '../errors';
import { Interruption } from './interruption';

/** A request that a signal ended fails in its own words; the signal is why. */
export const firstCause = (error: unknown, interruption: Interruption | undefined): unknown =>
  interruption && !(error instanceof ActionError) ? interruption : error;

/** An error of AWS before the first change says that there was none. */
export function sayUntouched(failure: ActionError, changed: boolean): ActionError {
  if (changed || failure.exit !== exitStatus.failed || callFailed(failure) === false) return failure;
  return new ActionError(`${failure.message}. Nothing was changed.`, {
    details: failure.details,
    cause: failure.cause,
  });
}

const callFailed = (failure: ActionError) => explainAwsError(failure.cause) !== undefined;

/** Whatever was thrown as a failure of one readable line. */
export function asActionError(error: unknown): ActionError {
  if (error instanceof ActionError) return error;
  if (error instanceof Interruption) return new ActionError(error.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return (
    explainAwsError(error) ??
    explainSystemError(error) ??
    new ActionError(`unexpected error: ${message}; run again with RUNNER_DEBUG=1 to see where`, { cause: error })
  );
}

const verbs: Readonly<Record<string, string>> = {
  open: 'open',
  read: 'read',
  write: 'write',
  scandir: 'list',
  lstat: 'look at',
  stat: 'look at',
  mkdir: 'create',
  mkdtemp: 'create',
  unlink: 'remove',
  rmdir: 'remove',
  rename: 'rename',
  spawn: 'start',
};

/** What the system of this machine refuses: permissions, a full disk, too many open files, a connection. */
function explainSystemError(error: unknown): ActionError | undefined {
  const { code, syscall, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  const [verb = '', program] = syscall.split(' ');
  const [, why] = /^E\w+: ([^,]+)/.exec(message) ?? [];
  // Errors of connections are worded differently from those of files.
  const text =
    why === undefined && verb !== 'spawn'
      ? `cannot use the network: ${message}; check the network of this machine`
      : `cannot ${[verbs[verb] ?? verb, path ?? program].filter(Boolean).join(' ')}: ${why ?? code}${why ? ` (${code})` : ''}; check the files, the space and the limits of this machine`;
  return new ActionError(text, { cause: error });
}

/** The action itself had ended by then, perhaps with a deployment, so that the error must not read as if nothing was done. */
export const unwrittenOutputs = (place: string, error: Error): ActionError =>
  new ActionError(
    `cannot write the outputs to ${place}: ${error.message}; make it writable and run again (what the log shows as done stays done)`,
    { cause: error },
  );
