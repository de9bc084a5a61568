import { parseImageReference } from '../../../../shared/image/reference';
import {
  type CurrentState,
  desiredTaskDefinition,
  foundIn,
  type PushedImage,
  type ReadResult,
  type RunningTask,
  unknownTime,
} from './current-state';

/** What is known of the images that are named by tags: the same name may be another image by now. */
export interface TaggedImages {
  readonly containers: readonly {
    readonly container: string;
    readonly image: string;
    /** What the registry has under that name now. */
    readonly now: ReadResult<PushedImage>;
  }[];
  readonly tasks: ReadResult<readonly RunningTask[]>;
}

/** An image by its tag, and whether the tasks run what that is now. */
export interface ImageComparison {
  readonly container: string;
  readonly isSame: boolean;
  /** Both are known, and they differ; or the tasks have begun before this image was there. */
  readonly isMoved: boolean;
  /** Both digests, or why one is not known. */
  readonly text: string;
}

/** Whether an image is named by its digest, so that it is always the same. */
export const isPinned = (image: string | undefined): boolean => image?.includes('@sha256:') === true;

const notEcr: ReadResult<never> = { unknown: 'it is not in Amazon ECR, so that the digest of its tag cannot be read' };

/** The images of what is to be deployed that tags name. */
export function taggedImages({ desired, images, tasks }: CurrentState): TaggedImages {
  const containers = (desiredTaskDefinition(desired)?.containerDefinitions ?? [])
    .filter(({ image }) => !isPinned(image))
    .map(({ name = '', image = '' }) => {
      const now = images.find((one) => one.image === image)?.inEcr ?? notEcr;
      return { container: name, image, now };
    });
  return { containers, tasks };
}

/** Compares with what the tasks of a revision run that were started since a time (milliseconds, by the clock of AWS). */
export const compareImages = (
  { containers, tasks }: TaggedImages,
  revision: string,
  since = unknownTime,
): ImageComparison[] =>
  containers.map(({ container, image, now }) => {
    const compared = { container, isSame: false, isMoved: false };
    const name = shortName(image);
    const running = runningDigests(tasks, container, { revision, since });
    const pushed = foundIn(now);
    if (pushed === undefined) return { ...compared, text: `${name}: ${reasonOf(now)}` };
    const { digest, pushedAt } = pushed;
    const inEcr = `${name} is ${digest} in ECR`;
    if (!('found' in running)) {
      // Of a deployment without tasks, the digest is not known, but what was pushed after it began may not be in it.
      if (since !== unknownTime && pushedAt > since)
        return { ...compared, isMoved: true, text: `${inEcr}, and was pushed after the deployment had begun` };
      return { ...compared, text: `${inEcr}, but what the tasks run is not known: ${reasonOf(running)}` };
    }
    const isSame = running.found.every((one) => one === digest);
    const text = isSame
      ? `${inEcr}, and so it is in the tasks`
      : `${inEcr}, but the tasks run ${running.found.join(' and ')}`;
    return { container, isSame, isMoved: !isSame, text };
  });

function runningDigests(
  tasks: TaggedImages['tasks'],
  container: string,
  { revision, since }: { readonly revision: string; readonly since: number },
): ReadResult<readonly string[]> {
  if (!('found' in tasks)) return tasks;
  const own = tasks.found.filter((task) => task.revision === revision && task.startedAt >= since);
  const digests = own.map(({ images }) => images.find((one) => one.container === container)?.digest);
  if (digests.length === 0) return { unknown: 'no task of the revision runs' };
  const known = digests.filter((one) => one !== undefined);
  return known.length < digests.length ? { unknown: 'ECS does not report the digest' } : { found: [...new Set(known)] };
}

const reasonOf = (result: ReadResult<unknown>) =>
  'missing' in result ? result.missing : 'unknown' in result ? result.unknown : '';

/** The repository's last part with the tag: the registry is the same on both sides. */
function shortName(image: string): string {
  const reference = parseImageReference(image);
  if ('problem' in reference) return image;
  return `${reference.repository.split('/').at(-1)}:${reference.tag ?? 'latest'}`;
}
