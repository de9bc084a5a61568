import type { CreateDeploymentInput, DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { ActionError } from '../../../../../shared/errors';
import { readActive, readDeployment, readIdsSince, readSince } from '../../aws/codedeploy-deployments';
import { changeOnce, type Effects, notKnown, Uncertain } from '../../aws/effects';
import { deploysAppSpec, sha256 } from '../../plan/appspec-content';
import { isActive } from '../../plan/codedeploy-lifecycle';
import { foundIn } from '../../plan/current-state';
import type { CodeDeployPlan } from '../../plan/plan';
import type { StartedDeployment } from '../../watch/controller';
import { waitForActiveDeployments } from '../../watch/wait-for-active';
import { activeDeployments } from './active-deployments';

/** How far the clock of AWS may differ from this machine's, in milliseconds. */
const clockSkew = 5 * 60_000;
/** How often the group may turn out to be busy again before this is given up. */
const mostRounds = 10;

/**
 * Creates the deployment of an AppSpec, or adopts the one of an earlier run that is still on its way. Once no other one is active, `before`
 * is done, which says whether it took time, and `prepare` makes the changes that the deployment needs.
 */
export async function startDeployment(
  plan: CodeDeployPlan,
  content: string,
  {
    deadline,
    before,
    prepare,
  }: {
    readonly deadline: number;
    before(): Promise<boolean>;
    prepare(): Promise<void>;
  },
  effects: Effects,
): Promise<StartedDeployment> {
  const { group, adoptsActive } = plan;
  for (let round = 1; ; round++) {
    const active = foundIn(await readActive(effects.uninterruptible, group)) ?? [];
    const own = adoptsActive ? active.find((each) => isOwn(each, content)) : undefined;
    if (own) return adopt(own, effects);
    if (active.length > 0 && round < mostRounds) {
      await refuseOrWait(plan, idsOf(active), deadline, effects);
      continue;
    }
    if (await before()) continue;
    await prepare();
    try {
      return await createOnce(plan, content, effects);
    } catch (error) {
      const cause = error instanceof Uncertain ? error.cause : error;
      if ((cause as Error)?.name !== 'DeploymentLimitExceededException' || round >= mostRounds) throw error;
      // CodeDeploy names the active deployment in its message, which helps where the role may not list them.
      const id = /\bd-[A-Z0-9]{9}\b/.exec((cause as Error).message)?.[0];
      const info = id === undefined ? undefined : await readDeployment(effects.uninterruptible, id);
      // Where the answer of a request of this very run was lost, this is what became of it.
      const mayAdopt = info && (error instanceof Uncertain || (adoptsActive && isActive(info.status)));
      if (mayAdopt && isOwn(info, content)) return adopt(info, effects);
      await refuseOrWait(plan, id === undefined ? [] : [id], deadline, effects);
    }
  }
}

async function createOnce(plan: CodeDeployPlan, content: string, effects: Effects): Promise<StartedDeployment> {
  const { clock, uninterruptible, log } = effects;
  const begun = clock.now();
  const since = begun - clockSkew;
  const before = await readIdsSince(uninterruptible, plan.group, since);
  const send = async () => {
    const codedeploy = await uninterruptible.once().codedeploy();
    return (await codedeploy.createDeployment(createInput(plan, content))).deploymentId!;
  };
  // Whatever has become of it meanwhile: one that has ended was created too.
  const recognise = async () => {
    const now = await readSince(uninterruptible, plan.group, since);
    if (!('found' in now) || !('found' in before)) return notKnown;
    return now.found.find((each) => !before.found.includes(each.deploymentId!) && isOwn(each, content))?.deploymentId;
  };
  const uncertain = 'It is not known whether a deployment was created';
  const id = await changeOnce({ uncertain, send, recognise }, effects);
  log.info(`Created deployment ${id}`);
  return { id, createdAt: begun, adopted: false };
}

const idsOf = (deployments: readonly DeploymentInfo[]) => deployments.map(({ deploymentId }) => deploymentId!);

const isOwn = (deployment: DeploymentInfo, content: string) =>
  deployment.creator !== 'codeDeployRollback' && deploysAppSpec(deployment, content);

function adopt({ deploymentId, createTime }: DeploymentInfo, { clock, log }: Effects): StartedDeployment {
  log.info(`Deployment ${deploymentId} of this very revision is active already: watching it`);
  return { id: deploymentId!, createdAt: createTime?.getTime() ?? clock.now(), adopted: true };
}

const longestDescription = 512;

/** What CreateDeployment gets: the revision, and only those settings that the user gave. */
export function createInput(
  { request: { inputs }, group, config }: CodeDeployPlan,
  content: string,
): CreateDeploymentInput {
  const { 'codedeploy-deployment-description': description, 'rollback-on': rollbackOn } = inputs;
  return {
    applicationName: group.application,
    deploymentGroupName: group.name,
    revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256: sha256(content) } },
    ...(description !== undefined && { description: [...description].slice(0, longestDescription).join('') }),
    ...(config !== undefined && { deploymentConfigName: config }),
    ...(rollbackOn !== undefined && { autoRollbackConfiguration: rollbackConfiguration(rollbackOn) }),
  };
}

/** A failure is one that CodeDeploy sees by itself; the other two reasons are acted on by stopping the deployment. */
const rollbackConfiguration = (rollbackOn: readonly string[]) =>
  rollbackOn.includes('failure')
    ? { enabled: true, events: ['DEPLOYMENT_FAILURE' as const, 'DEPLOYMENT_STOP_ON_ALARM' as const] }
    : { enabled: false };

/** Another deployment came in between. One that nobody may see is there until the next attempt. */
async function refuseOrWait(
  plan: CodeDeployPlan,
  active: readonly string[],
  deadline: number,
  effects: Effects,
): Promise<void> {
  if (plan.request.inputs['if-deploying'] === 'fail') {
    throw new ActionError(
      `cannot create the deployment: deployment ${active.join(', ') || 'of somebody else'} is active, and if-deploying is fail; run again when it has ended`,
    );
  }
  const { clock, signal } = effects;
  if (active.length === 0) await clock.sleep(plan.request.inputs['poll-interval-seconds'] * 1_000, signal);
  await waitForActiveDeployments(
    activeDeployments(plan, effects),
    active,
    { request: plan.request, deadline },
    effects,
  );
}
