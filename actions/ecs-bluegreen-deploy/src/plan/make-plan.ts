import type { LastDeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Service } from '@aws-sdk/client-ecs';
import { type Change, diffTaskDefinitions } from '../../../../shared/task-definition/diff';
import type { TaskDefinition } from '../../../../shared/task-definition/document';
import type { Request } from '../inputs';
import { alarmsInForce, ringing } from './alarms';
import { type CurrentState, desiredTaskDefinition, type Earlier, foundIn } from './current-state';
import { type Health, healthOf, runningRevision } from './health';
import { compareImages, isPinned, taggedImages } from './images';
import { noticesOf } from './notices';
import { oneOffTask } from './one-off-task';
import { type Active, type BasicPlan, primaryOf } from './plan';
import { planRevision } from './plan-revision';
import { comparable } from './same-revision';
import { isVolumeNew } from './service-options';
import type { TrafficPlan } from './traffic';
import { cappedWait, waitFromStart } from './wait';

/** What is planned whatever the controller; `unused` are lines about inputs that mean nothing here. */
export function basicPlan(
  request: Request,
  state: CurrentState,
  { unused, earlier }: { readonly unused: readonly string[]; readonly earlier: Earlier | undefined },
): BasicPlan {
  const service = foundIn(state.service)!;
  const previous = runningRevision(service);
  const revision = planRevision(state, earlier);
  const tagged = taggedImages(state);
  return {
    request,
    earlier,
    service,
    previous,
    revision,
    tagged,
    images: revision.kind === 'deploy' && revision.arn === previous ? compareImages(tagged, revision.arn) : [],
    changes: changesOf(state),
    scaleTo: scaleFor(request, service),
    task: oneOffTask(request, desiredTaskDefinition(state.desired)),
    adoptsActive:
      !request.inputs['force-new-deployment'] || request.inputs['if-deploying'] === 'continue' || hasFixedImages(state),
    alarms: alarmsInForce(request, state).names,
    notices: [...noticesOf(state), ...ringing(state, request), ...cappedWait(request), ...unused],
  };
}

const scaleFor = ({ inputs }: Request, { desiredCount }: Service) =>
  inputs['desired-count'] === desiredCount ? undefined : inputs['desired-count'];

const hasFixedImages = ({ desired }: CurrentState) =>
  (desiredTaskDefinition(desired)?.containerDefinitions ?? []).every(({ image }) => isPinned(image));

/** How the traffic moves and what is waited for, and what is on its way already. `last` is the last deployment of a group. */
export function planOf(
  basic: BasicPlan,
  traffic: TrafficPlan,
  { active, last }: { readonly active: Active; readonly last: LastDeploymentInfo | undefined },
) {
  const { request, service } = basic;
  const isActive = active.own.length + active.others.length > 0;
  const health = healthIn(basic, service, last);
  // What is on its way explains by itself that the service is degraded.
  const degraded = health?.health === 'degraded' && !isActive ? [degradedText(health)] : [];
  const ended = isActive ? undefined : (last?.deploymentId ?? primaryOf(service)?.id);
  // A deployment that this run continues does not wait for that any more.
  const continues = request.inputs['if-deploying'] === 'continue' && active.own.length > 0;
  const ahead = continues ? { ...traffic, readyWait: 0 } : traffic;
  return {
    ...basic,
    notices: [...basic.notices, ...degraded],
    traffic: ahead,
    wait: waitFromStart(request, ahead),
    active,
    ended,
    unchanged: isGoodEnough(health) && !isActive && !isAskedAnyway(request, service) && hasSameImages(basic, ended),
  };
}

const healthIn = (
  { revision }: BasicPlan,
  service: Service,
  last: LastDeploymentInfo | undefined,
): Health | undefined => (revision.kind === 'deploy' ? healthOf(service, revision.arn, last) : undefined);

const degradedText = ({ why, needsDeployment }: Extract<Health, { health: 'degraded' }>) =>
  `the service runs this revision already, but ${why}${needsDeployment ? ': it is deployed again' : ''}`;

/** What was deployed since the run began has read the tags since then. */
const hasSameImages = ({ images, earlier }: BasicPlan, ended: string | undefined) =>
  images.every(({ isSame, isMoved }) => isSame || (!isMoved && earlier !== undefined && earlier.ended !== ended));

/** Whether the service runs the revision so that nothing is to be done. */
const isGoodEnough = (health: Health | undefined) =>
  health !== undefined && (health.health === 'healthy' || !health.needsDeployment);

/** Whether a deployment is asked for although the service may run the revision already. */
const isAskedAnyway = (request: Request, service: Service): boolean =>
  request.inputs['force-new-deployment'] || isVolumeNew(request, service);

function changesOf({ desired, running }: CurrentState): readonly Change[] | undefined {
  const [before, after] = [foundIn(running)?.taskDefinition, desiredTaskDefinition(desired)];
  if (!before || !after) return undefined;
  const { tags: _, ...shown } = after as typeof after & { tags?: unknown };
  return diffTaskDefinitions(comparable(before) as TaskDefinition, comparable(shown) as TaskDefinition);
}
