import { ActionError } from '../../../../shared/errors';
import { Interruption } from '../../../../shared/host/run-action';
import { RegistryRefusal } from '../registry/retry';
import { ArchiveProblem } from './archive-problem';
import { BuildProblem } from './problem';

/** A base image, for messages. */
export interface BasePlace {
  /** As the Dockerfile names it. */
  readonly image: string;
  readonly host: string;
  /** Whether it is in another registry than the one that is pushed to. */
  readonly foreign: boolean;
  /** Layers are read when the rest has been read: what fails then is no wrong input. */
  readonly part: 'manifest' | 'layer';
}

/** What this machine could not do with the bytes of an image. */
const local = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'EACCES', 'EIO']);

/** Says which base image could not be read, and what to do. Errors of other origins stay as they are. */
export function explainBaseError(error: unknown, { image, host, foreign, part }: BasePlace): unknown {
  if (error instanceof BuildProblem || error instanceof ActionError || error instanceof Interruption) return error;
  const { message, code = '' } = error as NodeJS.ErrnoException;
  if (local.has(code)) return error;
  if (error instanceof ArchiveProblem) {
    return new ActionError(`cannot read the base image ${image}: in a layer of it, ${message}; use another image`);
  }
  const isRefused = error instanceof RegistryRefusal && [401, 403].includes(error.status);
  const next = isRefused ? (foreign ? nextElsewhere : nextInEcr) : nextOnline;
  if (isRefused && foreign && part === 'manifest') {
    return new BuildProblem(`${host} does not allow reading ${image} (${message}); ${next}`);
  }
  return new ActionError(`cannot read the base image ${image} from ${host}: ${message}; ${next}`, { cause: error });
}

const nextElsewhere = 'check its name, or copy it to the registry that is pushed to: others are read without a login';
const nextInEcr = 'allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on its repository to the role of this action';
const nextOnline = 'check its name and the network of this machine, and run again';

/** Runs what reads a base image; its errors say which image it was. */
export async function readingBase<T>(place: BasePlace, job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    throw explainBaseError(error, place);
  }
}
