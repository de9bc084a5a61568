import { quoted } from '../../../../shared/excerpt';
import { containersOf, type TaskDefinition } from '../../../../shared/task-definition/document';
import type { Request } from '../inputs';
import { givenForContainers } from './settings';

/**
 * Tells which named containers keep their image while other settings of theirs change: an image whose variable was empty looks like
 * none, and then what runs already is deployed again.
 */
export function keptImages(request: Request, before: TaskDefinition): string[] {
  const { inputs, containers, images } = request;
  if (inputs.image !== undefined || givenForContainers(request).length === 0) return [];
  return containersOf(before).flatMap(({ name, image }) => {
    const isNamed = typeof name === 'string' && containers.includes(name) && !images.has(name);
    return isNamed && typeof image === 'string'
      ? [`image: it is not set, so container ${name} keeps ${quoted(image)}.`]
      : [];
  });
}
