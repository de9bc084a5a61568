import { type Context, runAction, shortGrace } from '../../../shared/host/run-action';
import { definition } from './definition';
import { readInputs } from './inputs';
import { lookAhead } from './look-ahead';
import { plan } from './plan';
import { run } from './run';
import { readSource } from './source';

const job = async (context: Context) => {
  const request = readInputs(context.raw, (sound, wrong) => lookAhead(sound, wrong, context));
  const source = await readSource(request, context);
  return run(plan(request, source), context);
};

void runAction(definition, job, shortGrace);
