import { ActionError } from '../../../../shared/errors';
import { ImageFault, nextOnline, nextProxy, RegistryTrouble } from './faults';
import { DigestMismatch, isLost, RegistryRefusal } from './retry';

/** Turns an error of the registry protocol into one that a user can act on. Undefined for errors of any other origin. */
export function explainRegistryError(error: unknown, host: string, repository: string): ActionError | undefined {
  if (error instanceof ActionError) return error;
  const what = `cannot push to ${host}/${repository}`;
  if (error instanceof RegistryRefusal) return new ActionError(`${what}: ${reason(error)}`, { cause: error });
  const next = nextAfter(error);
  if (next === undefined) return undefined;
  return new ActionError(`${what}: ${[(error as Error).message, next].filter(Boolean).join('; ')}`, { cause: error });
}

/** What to do about an error that is no refusal; undefined for errors of other origins. */
function nextAfter(error: unknown): string | undefined {
  if (error instanceof RegistryTrouble) return error.next;
  if (error instanceof DigestMismatch) return nextOnline;
  return error instanceof ImageFault ? 'delete the image that is there and run again' : undefined;
}

function reason({ status, code, message }: RegistryRefusal): string {
  if (status === 401) return `the registry does not accept the login (${message}); check the role and its account`;
  if (status === 403 || code === 'DENIED') {
    const needed =
      'ecr:InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, BatchCheckLayerAvailability, PutImage';
    return `the registry refuses it (${message}); allow ${needed} on the repository to the role of this action`;
  }
  if (code === 'NAME_UNKNOWN') {
    return `there is no such repository (${message}); correct the name, or create it: aws ecr create-repository`;
  }
  if (status === 429) return `the registry is throttling (${message}) and did not stop; run again later`;
  if (status >= 500) return `the registry failed (${message}); run again later`;
  if (code === 'TAG_INVALID' || saysTagTaken(message)) return `${message}; use another tag`;
  if (isLost(code)) return `the registry does not have what was sent to it (${message}); run again`;
  if (status < 400) return `no registry answers this way (${message}); ${nextProxy}`;
  return code
    ? `the registry refuses it (${message}); correct what it names, or ask whoever runs the registry`
    : `the registry refuses it (${message}); ${nextProxy}`;
}

/** A builder could not push because a tag is there and immutable. */
export class TagTaken extends ActionError {}

/** Whether a push failed at a tag that is there and immutable. */
export const isTagTaken = (error: unknown): boolean =>
  error instanceof TagTaken || (error instanceof RegistryRefusal && saysTagTaken(error.message));

/** Whether words of a registry, by themselves or as a builder shows them, say that a tag is there and immutable. */
export const saysTagTaken = (text: string): boolean =>
  /ImageTagAlreadyExists|\btag is immutable|cannot be overwritten because .*\bimmutable/i.test(text);
