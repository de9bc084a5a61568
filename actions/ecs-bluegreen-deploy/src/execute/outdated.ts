import { explainAwsError } from '../../../../shared/aws/errors';
import { ActionError } from '../../../../shared/errors';
import type { Effects } from '../aws/effects';
import { foundIn } from '../plan/current-state';
import type { Plan } from '../plan/plan';
import { shortId } from '../text';
import type { DeploymentRun, RunEnd } from '../watch/model';

/**
 * Whether a deployment of an earlier run, which this one has adopted and which has gone well, runs an older image than a tag names
 * now. As long as none of its tasks ran, that could not be known. The plan of the run is then the one that deploys the newer image.
 */
export async function isOutdated(
  run: DeploymentRun,
  end: RunEnd,
  effects: Effects,
  again: () => Promise<Plan>,
): Promise<boolean> {
  const { deployment, plan } = run;
  const isDone = end.status === 'SUCCEEDED' || (end.status === 'IN_PROGRESS' && end.reached === 'traffic-shifted');
  const named = plan.tagged.containers.filter(({ now }) => foundIn(now) !== undefined);
  // A deployment that was to be continued is what was asked for, whatever it deploys.
  const isAskedFor = plan.request.inputs['if-deploying'] === 'continue';
  if (!isDone || !deployment?.adopted || isAskedFor || named.length === 0) return false;
  const next = await unlessRefused(again, effects);
  const moved = next?.images.find(({ isMoved }) => isMoved);
  const unsure = next?.images.find((one) => !one.isSame && named.some(({ container }) => container === one.container));
  if (unsure && !moved) effects.log.warn(`${notKnown}: ${unsure.text}`);
  if (!next || !moved) return false;
  effects.log.info(
    `Deployment ${shortId(deployment.id)} was started before the tag moved (${moved.text}): deploying again`,
  );
  run.plan = next;
  run.deployment = undefined;
  run.state = undefined;
  run.serves = undefined;
  return true;
}

const notKnown = 'Whether the tags of the images have moved meanwhile is not known';

/** What was adopted has succeeded, even if a new deployment is refused or something cannot be read. */
async function unlessRefused(again: () => Promise<Plan>, { log, signal }: Effects): Promise<Plan | undefined> {
  try {
    return await again();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const known = error instanceof ActionError ? error : explainAwsError(error);
    if (!known) throw error;
    log.warn(`${notKnown}: ${known.message}`);
    return undefined;
  }
}
