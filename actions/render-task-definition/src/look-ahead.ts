import { type Finding, findingsOf } from '../../../shared/errors';
import { isPipe } from '../../../shared/host/user-file';
import { readTaskDefinitionFile } from '../../../shared/task-definition/find';
import type { Request } from './inputs';
import { plan } from './plan/plan';
import type { Source } from './source';

/**
 * Where some inputs are wrong anyway, what the sound ones come to in the file that is there. So all is told at once.
 *
 * @param wrong what is known to be wrong before the file is read
 */
export function lookAhead(request: Request, source: Source, wrong: readonly Finding[]): readonly Finding[] {
  // A pipe can be read only once.
  if (wrong.length === 0 || !('path' in source) || isPipe(source.path)) return [];
  const { 'task-definition': name } = request.inputs;
  const findings = findingsOf(() => plan(request, readTaskDefinitionFile(source.path, name)));
  const areImagesWrong = wrong.some(({ where }) => where === 'image' || where === 'images');
  // What a wrong input would have replaced is not worth a line of its own.
  return findings.filter(({ where }) => !(areImagesWrong && where.endsWith('.image')));
}
