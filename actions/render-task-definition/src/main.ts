import { findingsOf } from '../../../shared/errors';
import { runAction } from '../../../shared/host/run-action';
import { definition } from './definition';
import { readInputs } from './inputs';
import { plan } from './plan';
import { run } from './run';
import { locate, readSource } from './source';

void runAction(definition, async (context) => {
  const request = readInputs(context.raw, (inputs) => findingsOf(() => locate(inputs, context)));
  const source = await readSource(request, context);
  return run(plan(request, source), context);
});
