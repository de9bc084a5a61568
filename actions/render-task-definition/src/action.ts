import { type Finding, findingsOf, refuse } from '../../../shared/errors';
import { type Action, shortGrace } from '../../../shared/host/run-action';
import { isPipe } from '../../../shared/host/user-file';
import { readTaskDefinitionFile } from '../../../shared/task-definition/find';
import { definition } from './definition';
import { type Request, readInputs } from './inputs';
import { plan } from './plan/plan';
import { run } from './run';
import { findSource, readSource, type Source } from './source';
import { unusedNames } from './source-name';

/** Fills an image and settings into a task definition. */
export const action: Action<typeof definition> = {
  definition,
  graceMs: shortGrace,
  async job(context) {
    const { request, findings } = readInputs(context.raw, context.host);
    const { files, findings: missing } = findSource(request.inputs, context);
    refuse(findings, missing, lookAhead(request, files, [...findings, ...missing]));
    const unused = unusedNames(request.inputs);
    if (unused !== undefined) context.log.warn(unused);
    return run(plan(request, await readSource(request, files, context)), context);
  },
};

/**
 * Where some inputs are wrong: what else is wrong, by the file and the valid inputs, so that everything is reported at once.
 *
 * @param wrong what is known to be wrong before the file is read
 */
function lookAhead(request: Request, source: Source, wrong: readonly Finding[]): readonly Finding[] {
  // A pipe can be read only once.
  if (wrong.length === 0 || !('path' in source) || isPipe(source.path)) return [];
  const { 'task-definition': name } = request.inputs;
  const findings = findingsOf(() => plan(request, readTaskDefinitionFile(source.path, name)));
  const areImagesWrong = wrong.some(({ where }) => where === 'image' || where === 'images');
  // What a wrong input would have replaced is not worth a line of its own.
  return findings.filter(({ where }) => !(areImagesWrong && where.endsWith('.image')));
}
