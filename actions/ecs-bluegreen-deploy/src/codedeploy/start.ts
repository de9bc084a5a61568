import type { CreateDeploymentInput, DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { ActionError } from '../../../../shared/errors';
import { changeOnce, type Effects } from '../effects';
import { deploysAppSpec, isActive, readActive, readSince, sha256 } from '../observe/deployments';
import { foundIn } from '../observe/look';
import type { CodeDeployPlan } from '../plan/plan';
import { clearTheWay } from '../watching/clear-the-way';
import type { Started } from '../watching/path';
import { wayOf } from './way';

/** How far the clock of AWS may differ from this machine's, in milliseconds. */
const clockSkew = 5 * 60_000;
/** How often the group may turn out to be busy again before this is given up. */
const mostRounds = 10;

/** Creates the deployment of an AppSpec, or picks up the one of an earlier run that is still on its way. */
export async function startDeployment(
  plan: CodeDeployPlan,
  content: string,
  deadline: number,
  effects: Effects,
): Promise<Started> {
  const begun = effects.clock.now();
  const before = new Set(plan.active.others);
  const recognise = async () => {
    const since = foundIn(await readSince(effects.steady, plan.group, begun - clockSkew)) ?? [];
    return since.find((each) => isActive(each.status) && !before.has(each.deploymentId!) && isOwn(each, content))
      ?.deploymentId;
  };
  for (let round = 1; ; round++) {
    const own = (foundIn(await readActive(effects.steady, plan.group)) ?? []).find((each) => isOwn(each, content));
    if (own) return pickUp(own, effects);
    try {
      const id = await changeOnce(() => create(plan, content, effects), recognise, effects);
      effects.log.info(`Created deployment ${id}`);
      return { id, createdAt: begun };
    } catch (error) {
      if ((error as Error)?.name !== 'DeploymentLimitExceededException' || round === mostRounds) throw error;
      await refuseOrClear(plan, error as Error, deadline, effects);
    }
  }
}

const isOwn = (deployment: DeploymentInfo, content: string) =>
  deployment.creator !== 'codeDeployRollback' && deploysAppSpec(deployment, content);

function pickUp({ deploymentId, createTime }: DeploymentInfo, { clock, log }: Effects): Started {
  log.info(`Deployment ${deploymentId} of this very revision is active already: watching it`);
  return { id: deploymentId!, createdAt: createTime?.getTime() ?? clock.now() };
}

async function create(plan: CodeDeployPlan, content: string, { steady }: Effects): Promise<string> {
  const codedeploy = await steady.once().codedeploy();
  return (await codedeploy.createDeployment(createInput(plan, content))).deploymentId!;
}

const longestDescription = 512;

/** What CreateDeployment gets: the revision, and only those settings that the user gave. Pure. */
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

/** Another deployment came in between. */
async function refuseOrClear(plan: CodeDeployPlan, error: Error, deadline: number, effects: Effects): Promise<void> {
  // CodeDeploy names the active deployment in its message, which helps where the role may not list them.
  const id = /\bd-[A-Z0-9]{9}\b/.exec(error.message)?.[0];
  const others = foundIn(await readActive(effects.steady, plan.group))?.map(({ deploymentId }) => deploymentId!);
  const active = others && others.length > 0 ? others : id ? [id] : [];
  if (plan.request.inputs['if-deploying'] === 'fail') {
    throw new ActionError(
      `cannot create the deployment: deployment ${active.join(', ') || 'of somebody else'} is active, and if-deploying is fail; run again when it has ended`,
      { cause: error },
    );
  }
  await clearTheWay(wayOf(plan.group, effects), active, { request: plan.request, deadline }, effects);
}
