import { explainAwsError, isLostAnswer, isRefusal, isThrottling } from '../../../../shared/aws/errors';
import type { ReadResult } from '../plan/current-state';

/** Names of AWS errors that mean that the thing does not exist, with the text for each. */
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

/** A read that makes the checks better but that a role made for the built-in action may lack: a refusal is not an error. */
export async function readIfAllowed<T>(read: () => Promise<T>, missing: Missing = {}): Promise<ReadResult<T>> {
  try {
    return await readOrMissing(read, missing);
  } catch (error) {
    return { unknown: whyUnread(error) };
  }
}

/** The same where what is overlooked would be done twice. @throws errors of AWS that may pass */
export async function unlessPassing<T>(read: () => Promise<T>): Promise<ReadResult<T>> {
  try {
    return { found: await read() };
  } catch (error) {
    if (isLostAnswer(error) || isThrottling(error)) throw error;
    return { unknown: whyUnread(error) };
  }
}

/** Why a best-effort read gave nothing, in a few words. @throws what is not an error of AWS */
export function whyUnread(error: unknown): string {
  // A signal has ended the read: nobody wants to know more.
  if ((error as Error)?.name === 'Interruption') throw error;
  const explained = explainAwsError(error);
  if (!explained) throw error;
  const [, operation, reason] = /^cannot call (\S+): (.*)$/s.exec(explained.message) ?? [];
  if (operation && isRefusal(error)) return `the role may not call ${operation}`;
  return operation ? `${operation} failed: ${reason}` : explained.message;
}

/** A page of a list; the token says that there is another one, also where this one is empty (API models). */
interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly nextToken: string | undefined;
}

/** Lists that are asked for by name or state are short: with so many pages, nearly all of them are empty. */
const mostPages = 20;

/** The items of a list, page by page until there are enough of them. A token that is repeated leads nowhere. */
export async function readPages<T>(
  enough: number,
  read: (nextToken: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let count = 1; count <= mostPages; count++) {
    const { items = [], nextToken } = await read(token);
    all.push(...items);
    if (all.length >= enough || !nextToken || nextToken === token) break;
    token = nextToken;
  }
  return all;
}
