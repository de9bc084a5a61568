import { readEcrHost } from '../../../../../shared/aws/arn';
import { ActionError } from '../../../../../shared/errors';
import { excerpt } from '../../../../../shared/excerpt';
import { Interruption } from '../../../../../shared/host/interruption';
import { RegistryTrouble } from '../../registry/faults';
import { DigestMismatch, RegistryRefusal } from '../../registry/retry';
import { ArchiveProblem } from './archive-problem';
import { BuildProblem } from './dockerfile/problem';

/** A base image, for messages. */
export interface BasePlace {
  /** As the Dockerfile names it. */
  readonly image: string;
  readonly host: string;
  /** Whether it is in a registry other than the one that is pushed to. */
  readonly foreign: boolean;
  /** Layers are read after everything else: what fails then is not a wrong input. */
  readonly part: 'manifest' | 'layer';
}

/** What this machine could not do with the bytes of an image. */
const local = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE', 'EACCES', 'EIO', 'EFBIG', 'ENOENT', 'EEXIST']);

/** Says which base image could not be read, and what to do. What has been said already stays as it is. */
export function explainBaseError(error: unknown, { image, host, foreign, part }: BasePlace): unknown {
  if (error instanceof BuildProblem || error instanceof ActionError || error instanceof Interruption) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const said = excerpt(message, 600);
  if (error instanceof ArchiveProblem) {
    return new ActionError(`cannot read the base image ${image}: in a layer of it, ${said}; use another image`);
  }
  if (local.has(code)) {
    const text = `cannot store the base image ${image}: ${said}; make room in the temporary directory and run again`;
    return new ActionError(text, { cause: error });
  }
  const isRefused = error instanceof RegistryRefusal && [401, 403].includes(error.status);
  const nextLogin = !foreign ? nextInEcr : readEcrHost(host) ? nextInOtherEcr : nextElsewhere;
  if (isRefused && foreign && part === 'manifest') {
    return new BuildProblem(`${host} does not allow reading ${image} (${said}); ${nextLogin}`);
  }
  const isLimited = foreign && error instanceof RegistryRefusal && error.status === 429;
  const next = isRefused ? nextLogin : isLimited ? nextLimited : nextAfter(error);
  return new ActionError(`cannot read the base image ${image} from ${host}: ${said}; ${next}`, { cause: error });
}

function nextAfter(error: unknown): string {
  if (error instanceof RegistryTrouble && !error.transient && error.next) return error.next;
  // An image that is not there has been told before: this is a part of one that is.
  if (error instanceof RegistryRefusal && error.status === 404) return nextImage;
  const isOfRegistry = [RegistryTrouble, RegistryRefusal, DigestMismatch].some((kind) => error instanceof kind);
  return isOfRegistry ? nextOnline : nextImage;
}

const nextElsewhere = 'check its name, and log in to that registry first (docker login)';
const nextInOtherEcr =
  'allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on its repository to the role of this action, in the policy of that repository too where it belongs to another account';
const nextInEcr = 'allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on its repository to the role of this action';
const nextLimited = 'log in to that registry first (docker login), which raises its limit, or run again later';
const nextImage = 'use another image, or build and push it again';
const nextOnline = 'check its name and the network of this machine, and run again';

/** Runs what reads a base image; its errors say which image it was. */
export async function readingBase<T>(place: BasePlace, job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    throw explainBaseError(error, place);
  }
}
