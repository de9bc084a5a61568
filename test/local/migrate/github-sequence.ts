import { isBuild } from './image-script';
import type { YamlFile } from './nodes';

/** What may stand between the build of an image and its push, and uses no image. */
const between = /^aws-actions\/(?:configure-aws-credentials|amazon-ecr-login)@/;

/** Keys of a step that build-and-push can have too, whichever of the steps has them. */
const joinable = ['name', 'id', 'run', 'env', 'shell', 'if', 'working-directory'];

/**
 * The step at this place, which builds an image, and those behind it that tag and push it, in their order. Logins may stand
 * between them; anything else may use the image, such as a test of it, and ends the sequence. So does another condition or
 * folder.
 */
export function stepsOfImage(file: YamlFile, steps: readonly unknown[], at: number): readonly unknown[] {
  const first = steps[at];
  const sequence = [first];
  for (const step of steps.slice(at + 1)) {
    if (between.test(file.textIn(step, 'uses') ?? '')) continue;
    if (!tagsOrPushes(file, step) || !isLike(file, step, first)) break;
    sequence.push(step);
  }
  return sequence.every((step) => isJoinable(file, step)) ? sequence : [first];
}

const tagsOrPushes = (file: YamlFile, step: unknown): boolean => {
  const run = file.textIn(step, 'run') ?? '';
  return /\bdocker (?:image )?(?:tag|push)\b/.test(run) && !isBuild(run);
};

const isJoinable = (file: YamlFile, step: unknown) => file.pairs(step).every(({ name }) => joinable.includes(name));

/** Where it runs matters to the build alone. */
const isLike = (file: YamlFile, step: unknown, first: unknown): boolean => {
  const folder = file.textIn(step, 'working-directory');
  return (
    file.textIn(step, 'if') === file.textIn(first, 'if') &&
    (folder === undefined || folder === file.textIn(first, 'working-directory'))
  );
};
