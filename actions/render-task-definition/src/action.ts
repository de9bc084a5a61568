import { type Action, shortGrace } from '../../../shared/host/run-action';
import { definition } from './definition';
import { readInputs } from './inputs';
import { lookAhead } from './look-ahead';
import { plan } from './plan';
import { run } from './run';
import { readSource } from './source';

/** Fills an image and settings into a task definition. */
export const action: Action<typeof definition> = {
  definition,
  graceMs: shortGrace,
  async job(context) {
    const request = readInputs(context.raw, (sound, wrong) => lookAhead(sound, wrong, context));
    const source = await readSource(request, context);
    return run(plan(request, source), context);
  },
};
