import { refuse } from '../../../shared/errors';
import { breakSilence } from '../../../shared/host/break-silence';
import { type Action, type Context, changedContext, type Outcome } from '../../../shared/host/run-action';
import { readCurrentState } from './aws/read-current-state';
import { definition } from './definition';
import { findFiles } from './files';
import { readInputs } from './inputs';

/** Deploys a task definition to a service, and watches it to its end. */
export const action: Action<typeof definition> = {
  definition,
  async job(given) {
    const { log, end } = breakSilence(given, 'Still waiting for AWS');
    try {
      return await run(changedContext(given, { log }));
    } finally {
      end();
    }
  },
};

async function run(given: Context): Promise<Outcome<typeof definition>> {
  const { request, findings } = readInputs(given);
  const context = changedContext(given, { aws: (region, signal) => given.aws(region, signal, request.attempts) });
  const { files, findings: missing } = findFiles(request.inputs, context.folders);
  refuse(findings, missing);
  // What follows the first reads of AWS is loaded after them: it is most of the code.
  const further = () => import('./plan-and-execute');
  if (request.inputs['register-only']) return (await further()).registerOnly(request, files, context);
  context.log.info(`Reading service ${request.service} in cluster ${request.cluster}, ${request.region}`);
  const awsOf = (region: string) => context.aws(region, context.signal);
  const read = async () => {
    const state = await readCurrentState(request, files, awsOf, context.signal);
    if (context.signal.aborted) throw context.signal.reason;
    return state;
  };
  const state = await read();
  return (await further()).planAndExecute({ request, files, state, read }, context);
}
