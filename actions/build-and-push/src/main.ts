import { runAction } from '../../../shared/host/run-action';
import { definition } from './definition';
import { plan } from './plan';
import { run } from './run';

void runAction(definition, async (context) => run(await plan(context), context));
