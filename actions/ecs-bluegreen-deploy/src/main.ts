import { runAction } from '../../../shared/host/run-action';
import { definition } from './definition';

// The job is loaded where there is one to do: its code takes Node longer than a help text.
void runAction({ definition, job: async (context) => (await import('./action')).action.job(context) });
