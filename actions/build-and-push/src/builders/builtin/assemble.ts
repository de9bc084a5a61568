import { type AssembledImage, type Assembly, isoTime } from './assembly';
import { verifyLayers } from './base-layer';
import { findStage } from './dockerfile/check-dockerfile';
import { sortedKeys } from './image/config-values';
import { StageBuilder } from './stage-builder';

/**
 * Builds the target stage and the stages that it needs.
 *
 * @throws InputError that names the line of an instruction that cannot be carried out.
 */
export async function assemble(assembly: Assembly): Promise<AssembledImage> {
  const { dockerfile, target, labels } = assembly;
  const { config, layers } = await new StageBuilder(assembly).build(findStage(dockerfile, target)!);
  await verifyLayers(layers);
  const image = config.image();
  const all = sortedKeys({ ...image.config?.Labels, ...labels });
  const labelled = Object.keys(all).length > 0 ? { ...image, config: { ...image.config, Labels: all } } : image;
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } as const;
  return { config: { ...labelled, created: isoTime(assembly.workshop), rootfs }, layers };
}
