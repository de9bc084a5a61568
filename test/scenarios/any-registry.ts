/** Builds and pushes against registries that answer anything, and images of any shape. */

import { systemClock, type Timer } from '../../shared/clock';
import { type Fault, fault } from '../support/chaos/faults';
import { type OddImage, oddImage, plain, storeImage } from '../support/chaos/images';
import { faultsOf, faultsOfImage } from '../support/chaos/judge';
import { openChaosRegistry } from '../support/chaos/registry';
import { fc } from '../support/properties';
import type { Result, Scene } from './build-scene';

/** Nobody waits: a pause is over at once. */
export const hurried: Timer = { ...systemClock, sleep: async () => {} };

export interface Trial {
  readonly image: OddImage;
  readonly faults: readonly Fault[];
  readonly isOther: boolean;
  readonly asksForTokens: boolean;
  readonly reads: boolean;
}

const settings = { isOther: fc.boolean(), asksForTokens: fc.boolean(), reads: fc.boolean() };

/** Registries that answer anything; the images are good. */
export const oddRegistries: fc.Arbitrary<Trial> = fc.record({
  ...settings,
  image: fc.constant(plain),
  faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
});

/** Images of any shape; the registries are good. */
export const oddImages: fc.Arbitrary<Trial> = fc.record({ ...settings, image: oddImage, faults: fc.constant([]) });

/** Builds an image on another one and pushes it. The answer is what is wrong with how it ended. */
export async function tryBuild(scene: Scene, trial: Trial): Promise<{ problems: string[]; result: Result }> {
  // New ones: what an earlier run has sent last may still be on its way.
  const [target, other] = await Promise.all([openChaosRegistry(trial), openChaosRegistry(trial)]);
  const from = trial.isOther ? other : target;
  storeImage(trial.image, from.blobs, from.manifests);
  scene.write({
    Dockerfile: `FROM ${from.host}/x/y:base\n${trial.reads ? 'COPY server.js app/\nWORKDIR /a/b\n' : 'ENV A=b\n'}`,
  });
  const result = await scene.run({ registry: target.host, tags: 'v1' }, { clock: hurried });
  const problems = [...faultsOf(result, scene), ...faultsOfImage(result, target)];
  await Promise.all([target.close(), other.close()]);
  return { problems, result };
}
