import type { BuildSpec } from './builder';
import { hasIndex } from './features';

/** The levels of an annotation, as `index:` or `index,manifest[linux/amd64]:` before its name. */
const levelsForm = /^([^=:]+):([^=]*=.*)$/s;
const ofIndex = /^index(?:-descriptor)?(?:\[|$)/;

/** An annotation without the levels that only an index has; undefined where nothing is left of it. */
function onManifest(annotation: string): string | undefined {
  const [, levels, rest] = levelsForm.exec(annotation) ?? [];
  if (levels === undefined) return annotation;
  const left = levels.split(',').filter((level) => !ofIndex.test(level.trim()));
  return left.length > 0 ? `${left.join(',')}:${rest}` : undefined;
}

/**
 * The annotations that an image can take: BuildKit refuses those of an index where there is none, after it has built everything
 * (docker/metadata-action writes them for all levels, and docker/build-push-action makes an index by its default of provenance).
 */
export function fittingAnnotations(spec: BuildSpec): readonly string[] | undefined {
  const { annotations } = spec.settings;
  return hasIndex(spec) ? annotations : annotations?.flatMap((annotation) => onManifest(annotation) ?? []);
}
