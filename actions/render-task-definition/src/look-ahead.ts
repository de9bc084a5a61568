import { type Finding, findingsOf } from '../../../shared/errors';
import type { Context } from '../../../shared/host/run-action';
import { isPipe } from '../../../shared/host/user-file';
import { readTaskDefinitionFile } from '../../../shared/task-definition/find';
import type { Request } from './inputs';
import { plan } from './plan';
import { locate } from './source';

/**
 * What is wrong beyond the inputs' own forms: the file is not there and, where some inputs are wrong anyway, what the sound
 * ones come to in it. So all is told at once.
 */
export function lookAhead(
  request: Request,
  wrong: ReadonlySet<string>,
  context: Pick<Context, 'folders' | 'env'>,
): readonly Finding[] {
  const name = request.inputs['task-definition'];
  if (wrong.has('task-definition')) return [];
  const missing = findingsOf(() => locate(request.inputs, context));
  if (missing.length > 0 || wrong.size === 0) return missing;
  const place = locate(request.inputs, context);
  // A pipe can be read only once.
  if (!('path' in place) || isPipe(place.path)) return [];
  const findings = findingsOf(() => plan(request, readTaskDefinitionFile(place.path, name)));
  // What a wrong input would have replaced is not worth a line of its own.
  const isAwaited = ({ where }: Finding) => where.endsWith('.image') && (wrong.has('image') || wrong.has('images'));
  return findings.filter((finding) => !isAwaited(finding));
}
