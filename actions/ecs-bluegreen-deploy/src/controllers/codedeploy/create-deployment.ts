import type {
  AutoRollbackConfiguration,
  AutoRollbackEvent,
  CreateDeploymentInput,
  DeploymentInfo,
} from '@aws-sdk/client-codedeploy';
import { isLostAnswer } from '../../../../../shared/aws/errors';
import { ActionError } from '../../../../../shared/errors';
import { createConfig, readActive, readDeployment, readIdsSince, readSince } from '../../aws/codedeploy-deployments';
import { readGroup } from '../../aws/codedeploy-groups';
import { readService, setDesiredCount } from '../../aws/ecs-service';
import { changeOnce, type Effects, notKnown, Outdated, Uncertain } from '../../aws/effects';
import { alarmsAsked, alarmsOff } from '../../plan/alarms';
import { deploysAppSpec, sha256 } from '../../plan/appspec-content';
import { isActive } from '../../plan/codedeploy-lifecycle';
import { foundIn, type Group } from '../../plan/current-state';
import { runningRevision } from '../../plan/health';
import { adopts, type CodeDeployPlan, lacksTask } from '../../plan/plan';
import type { Start } from '../../watch/controller';
import type { StartedDeployment } from '../../watch/model';

/** How far the clock of AWS may differ from this machine's, in milliseconds. */
const clockSkew = 5 * 60_000;

/** Creates the deployment of an AppSpec, or adopts the one of an earlier run that is still on its way. */
export async function startDeployment(
  plan: CodeDeployPlan,
  content: string,
  arn: string,
  effects: Effects,
): Promise<Start> {
  const { group } = plan;
  const { uninterruptible } = effects;
  const isAdopted = (one: DeploymentInfo) =>
    isOwn(one, content) && isActive(one.status) && adopts(plan, arn, one.createTime?.getTime() ?? 0);
  const active = foundIn(await readActive(uninterruptible, group)) ?? [];
  const own = active.find(isAdopted);
  if (own) return adopt(own, effects);
  if (active.length > 0) return { kind: 'busy', ids: idsOf(active) };
  const now = foundIn(await readGroup(uninterruptible, group));
  // The plan may have seen the service before, and the group after, the end of a deployment of this very revision.
  const service = foundIn(await readService(uninterruptible, plan.request)) ?? plan.service;
  const isPast = lastOf(now) !== lastOf(group) || runningRevision(service) !== plan.previous;
  if (lacksTask(plan) || isPast) return { kind: 'moved' };
  await createConfig(plan.configToCreate, effects);
  await setDesiredCount(plan, effects);
  try {
    return { kind: 'started', deployment: await createOnce(plan, content, effects) };
  } catch (error) {
    if (error instanceof Outdated) return { kind: 'moved' };
    const cause = error instanceof Uncertain ? error.cause : error;
    if (!isBlocked(cause)) throw error;
    // CodeDeploy names the active deployment in its message, which helps where the role may not list them.
    const id = /\bd-[A-Z0-9]{9}\b/.exec((cause as Error).message)?.[0];
    const info = id === undefined ? undefined : await readBlocking(id, error, effects);
    // Where the answer of a request of this very run was lost, this is what became of it.
    const isResult = info && error instanceof Uncertain && isOwn(info, content);
    if (info && (isResult || isAdopted(info))) return adopt(info, effects, { isEarlier: !isResult });
    return { kind: 'busy', ids: id === undefined ? [] : [id] };
  }
}

/** The active deployment that stands in the way. Where the answer of a request of this run was lost, it may be what that has created. */
async function readBlocking(id: string, error: unknown, { uninterruptible }: Effects): Promise<DeploymentInfo> {
  try {
    return await readDeployment(uninterruptible, id);
  } catch (why) {
    if (!(error instanceof Uncertain)) throw why;
    throw new Uncertain(`It is not known whether deployment ${id}, which is active, was created by this run`, why);
  }
}

const isBlocked = (error: unknown) => (error as Error)?.name === 'DeploymentLimitExceededException';

/** The last deployment of a group and how it stands: one that was to be adopted may have ended since it was planned. */
const lastOf = (group: Group | undefined): string => {
  const { deploymentId, status } = group?.info.lastAttemptedDeployment ?? {};
  return `${deploymentId} ${status}`;
};

async function createOnce(plan: CodeDeployPlan, content: string, effects: Effects): Promise<StartedDeployment> {
  const { clock, uninterruptible, log } = effects;
  const begun = clock.now();
  const since = begun - clockSkew;
  const before = await readIdsSince(uninterruptible, plan.group, since);
  // Whatever has become of it meanwhile: one that has ended was created too.
  const recognise = async () => {
    const now = await readSince(uninterruptible, plan.group, since);
    if (!('found' in now) || !('found' in before)) return ownAsLast(plan.group, content, effects);
    const own = now.found.filter((each) => !before.found.includes(each.deploymentId!) && isOwn(each, content));
    // A later one is of another run of the same content.
    const [first] = own.sort((one, other) => createdAt(one) - createdAt(other));
    return first?.deploymentId;
  };
  const send = sender(plan, content, recognise, effects);
  // CodeDeploy itself refuses while another one is active; what has begun and ended meanwhile it would replace.
  const isOutdated = async () => {
    const now = foundIn(await readGroup(uninterruptible.once(), plan.group));
    return (
      now !== undefined && lastOf(now) !== lastOf(plan.group) && !isActive(now.info.lastAttemptedDeployment?.status)
    );
  };
  const uncertain = 'It is not known whether a deployment was created';
  const id = await changeOnce({ uncertain, send, recognise, isOutdated }, effects);
  log.info(`Created deployment ${id}`);
  return { id, createdAt: begun, adopted: false };
}

/** Sends the request. The deployment that blocks a second one may have replaced what the first one, which had no answer, has created. */
function sender(
  plan: CodeDeployPlan,
  content: string,
  recognise: () => Promise<string | undefined | typeof notKnown>,
  { uninterruptible }: Effects,
): () => Promise<string> {
  let isUnanswered = false;
  return async () => {
    const codedeploy = await uninterruptible.once().codedeploy();
    try {
      return (await codedeploy.createDeployment(createInput(plan, content))).deploymentId!;
    } catch (error) {
      const own = isUnanswered && isBlocked(error) ? await recognise() : undefined;
      isUnanswered ||= isLostAnswer(error);
      if (own === undefined) throw error;
      if (own !== notKnown) return own;
      const why = 'a request had no answer, and another deployment is active by now';
      throw new ActionError(`cannot create the deployment: ${why}; run again when that has ended`, { cause: error });
    }
  };
}

/**
 * What became of a request, by the last deployment of the group alone: for roles that may not list deployments. Where that is
 * somebody else's new one, an own one may have been before it.
 */
async function ownAsLast(before: Group, content: string, { uninterruptible }: Effects) {
  const idOf = ({ info }: Group) => info.lastAttemptedDeployment?.deploymentId;
  const now = foundIn(await readGroup(uninterruptible, before));
  if (!now) return notKnown;
  const id = idOf(now);
  if (id === undefined || id === idOf(before)) return undefined;
  const last = await readDeployment(uninterruptible, id);
  const failed = last.creator === rollbackCreator ? last.rollbackInfo?.rollbackTriggeringDeploymentId : undefined;
  const one = failed === undefined ? last : await readDeployment(uninterruptible, failed);
  return isOwn(one, content) && one.deploymentId !== idOf(before) ? one.deploymentId : notKnown;
}

const createdAt = ({ createTime }: DeploymentInfo) => createTime?.getTime() ?? 0;

const idsOf = (deployments: readonly DeploymentInfo[]) => deployments.map(({ deploymentId }) => deploymentId!);

const rollbackCreator = 'codeDeployRollback';

const isOwn = (deployment: DeploymentInfo, content: string) =>
  deployment.creator !== rollbackCreator && deploysAppSpec(deployment, content);

/** @param isEarlier an earlier run has begun it, not this one */
function adopt(
  { deploymentId, createTime }: DeploymentInfo,
  { clock, log }: Effects,
  { isEarlier: adopted } = { isEarlier: true },
): Start {
  log.info(`Deployment ${deploymentId} of this very revision is active already: watching it`);
  const createdAt = createTime?.getTime() ?? clock.now();
  return { kind: 'started', deployment: { id: deploymentId!, createdAt, adopted } };
}

const longestDescription = 512;

/** What CreateDeployment gets: the revision, and only those settings that the user gave. */
function createInput({ request, group, config }: CodeDeployPlan, content: string): CreateDeploymentInput {
  const { 'codedeploy-deployment-description': description, 'rollback-on': rollbackOn } = request.inputs;
  const alarms = alarmsAsked(request);
  const autoRollbackConfiguration = rollbackOn && rollbackConfiguration(rollbackOn, group);
  return {
    applicationName: group.application,
    deploymentGroupName: group.name,
    revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256: sha256(content) } },
    ...(description !== undefined && { description: [...description.trim()].slice(0, longestDescription).join('') }),
    ...(config !== undefined && { deploymentConfigName: config }),
    ...(autoRollbackConfiguration && { autoRollbackConfiguration }),
    ...(alarms && {
      overrideAlarmConfiguration: { enabled: alarms.length > 0, alarms: alarms.map((name) => ({ name })) },
    }),
  };
}

/**
 * A failure is one that CodeDeploy sees by itself; the other two reasons are acted on by stopping the deployment. Where only alarms are
 * named, what the group has for failures stays.
 */
function rollbackConfiguration(rollbackOn: readonly string[], { info }: Group): AutoRollbackConfiguration | undefined {
  const names = rollbackOn.filter((word) => word.startsWith('alarm:') && word !== alarmsOff);
  const isAboutAlarmsOnly = rollbackOn.every((word) => word.startsWith('alarm:'));
  if (isAboutAlarmsOnly && names.length === 0) return undefined;
  const { enabled, events = [] } = info.autoRollbackConfiguration ?? {};
  const kept = isAboutAlarmsOnly && enabled ? events : [];
  const asked: AutoRollbackEvent[] = [
    ...(rollbackOn.includes('failure') ? ['DEPLOYMENT_FAILURE' as const, 'DEPLOYMENT_STOP_ON_ALARM' as const] : []),
    ...(names.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM' as const] : []),
  ];
  const all = [...new Set([...kept, ...asked])];
  return all.length > 0 ? { enabled: true, events: all } : { enabled: false };
}
