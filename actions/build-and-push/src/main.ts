import { runAction } from '../../../shared/host/run-action';
import { definition } from './definition';
import { readInputs } from './inputs';
import { plan } from './plan';
import { run } from './run';

void runAction(definition, async (context) => {
  const inputs = readInputs(context.raw, context.env);
  return run(await plan(inputs, context), context);
});
