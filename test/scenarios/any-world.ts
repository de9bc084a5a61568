/** Properties of every build, whatever a registry, an image or a file system does. `build-any-world` tries a few, `hostile-any-world` many. */

import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { fc, tries } from '../support/properties';
import { failingFiles, oddContexts, tryContext } from './any-files';
import { oddImages, oddRegistries, tryBuild } from './any-registry';
import { openScene, type Result, type Scene } from './build-scene';

type Try<T> = (scene: Scene, trial: T) => Promise<{ readonly problems: readonly string[]; readonly result: Result }>;

/** @param count how many worlds of each kind are tried */
export function describeBuilds(count: number, timeoutMs: number): void {
  describe('a build ends in one clear line, or with the right image,', () => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await openScene();
    });
    afterAll(() => scene.close());

    const holds = <T>(trials: fc.Arbitrary<T>, attempt: Try<T>) =>
      fc.assert(
        fc.asyncProperty(trials, async (trial) => {
          const { problems, result } = await attempt(scene, trial);
          if (problems.length > 0) throw new Error(`${problems.join('; ')}\n${result.output}`);
        }),
        { ...tries(count), endOnFailure: true },
      );

    it('whatever a registry answers', () => holds(oddRegistries, tryBuild), timeoutMs);
    it('whatever its base image is made of', () => holds(oddImages, tryBuild), timeoutMs);
    it('whatever is in its context', () => holds(oddContexts, tryContext), timeoutMs);
    it('whatever the file system refuses', () => holds(failingFiles, tryContext), timeoutMs);
  });
}
