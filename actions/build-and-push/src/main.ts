import { type Context, runAction, shortGrace } from '../../../shared/host/run-action';
import { definition } from './definition';
import { plan } from './plan';
import { run } from './run';

const job = async (context: Context) => {
  context.temp.removeRemains();
  return run(await plan(context), context);
};

void runAction(definition, job, shortGrace);
