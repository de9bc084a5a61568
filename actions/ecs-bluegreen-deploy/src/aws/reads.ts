import { explainAwsError, isRefusal } from '../../../../shared/aws/errors';
import type { ReadResult } from '../plan/current-state';

/** Names of AWS errors that mean that the thing does not exist, with what to say of it. */
export type Missing = Readonly<Record<string, string>>;

/** A read that the decision needs: what AWS does not answer is an error. */
export async function readOrMissing<T>(read: () => Promise<T>, missing: Missing = {}): Promise<ReadResult<T>> {
  try {
    return { found: await read() };
  } catch (error) {
    const text = missing[(error as Error)?.name];
    if (text === undefined) throw error;
    return { missing: text };
  }
}

/** A read that makes the checks better but that a role made for the built-in action may lack: a refusal is no error. */
export async function readIfAllowed<T>(read: () => Promise<T>, missing: Missing = {}): Promise<ReadResult<T>> {
  try {
    return await readOrMissing(read, missing);
  } catch (error) {
    return { unknown: whyUnread(error) };
  }
}

/** Why a best-effort read gave nothing, in a few words. @throws what is no error of AWS */
export function whyUnread(error: unknown): string {
  // A signal has ended the read: nobody wants to know more.
  if ((error as Error)?.name === 'Interruption') throw error;
  const explained = explainAwsError(error);
  if (!explained) throw error;
  const [, operation, reason] = /^cannot call (\S+): (.*)$/s.exec(explained.message) ?? [];
  if (operation && isRefusal(error)) return `the role may not call ${operation}`;
  return operation ? `${operation} failed: ${reason}` : explained.message;
}
