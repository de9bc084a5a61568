import { type Action, shortGrace } from '../../../shared/host/run-action';
import { definition } from './definition';
import { plan } from './plan/plan';
import { run } from './run';

/** Builds an image, pushes it and names it by its digest. */
export const action: Action<typeof definition> = {
  definition,
  graceMs: shortGrace,
  async job(context) {
    context.temp.removeRemains();
    return run(await plan(context), context);
  },
};
