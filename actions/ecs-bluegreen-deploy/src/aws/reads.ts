import { explainAwsError, isRefusal } from '../../../../shared/aws/errors';

/** What a look at AWS gave: the thing, that it does not exist (and how AWS or the rule says so), or no answer. */
export type Look<T> = { readonly found: T } | { readonly missing: string } | { readonly unknown: string };

export const foundIn = <T>(look: Look<T>): T | undefined => ('found' in look ? look.found : undefined);

/** Names of AWS errors that mean that the thing does not exist, with what to say of it. */
export type Missing = Readonly<Record<string, string>>;

/** A read that the decision needs: what AWS does not answer is an error. */
export async function lookUp<T>(read: () => Promise<T>, missing: Missing = {}): Promise<Look<T>> {
  try {
    return { found: await read() };
  } catch (error) {
    const text = missing[(error as Error)?.name];
    if (text === undefined) throw error;
    return { missing: text };
  }
}

/** A read that makes the checks better but that a role made for the built-in action may lack: a refusal is no error. */
export async function lookUpIfAllowed<T>(read: () => Promise<T>, missing: Missing = {}): Promise<Look<T>> {
  try {
    return await lookUp(read, missing);
  } catch (error) {
    return { unknown: whyUnread(error) };
  }
}

/** Why a best-effort read gave nothing, in a few words. @throws what is no error of AWS */
export function whyUnread(error: unknown): string {
  const explained = explainAwsError(error);
  if (!explained) throw error;
  const [, operation, reason] = /^cannot call (\S+): (.*)$/s.exec(explained.message) ?? [];
  if (operation && isRefusal(error)) return `the role may not call ${operation}`;
  return operation ? `${operation} failed: ${reason}` : explained.message;
}
