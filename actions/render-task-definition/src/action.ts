import { refuse } from '../../../shared/errors';
import { type Action, shortGrace } from '../../../shared/host/run-action';
import { definition } from './definition';
import { readInputs } from './inputs';
import { lookAhead } from './look-ahead';
import { plan } from './plan/plan';
import { run } from './run';
import { findSource, readSource } from './source';
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
