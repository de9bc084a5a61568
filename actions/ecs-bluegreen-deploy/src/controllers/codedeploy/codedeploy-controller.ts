import { setDesiredCount } from '../../aws/adjust-service';
import { createConfig } from '../../aws/codedeploy-config';
import { readDeployment } from '../../aws/codedeploy-reads';
import { stopDeployment } from '../../aws/codedeploy-stop';
import type { Effects } from '../../aws/effects';
import { appSpecFor } from '../../plan/codedeploy-plan';
import type { CodeDeployPlan } from '../../plan/plan';
import type { Path } from '../../watch/controller';
import { tryToStop } from '../../watch/try-to-stop';
import { startDeployment } from './create-deployment';
import { next } from './deployment-moves';
import { DeploymentLooker } from './deployment-poller';
import { type Observation, observed } from './deployment-snapshot';
import { wayOf } from './way';

/** Deployments of CodeDeploy. */
export const codeDeployPath = (plan: CodeDeployPlan, effects: Effects): Path<Observation> => ({
  async start(arn, deadline) {
    let prepared: Promise<void> | undefined;
    const prepare = () => {
      prepared ??= createConfig(plan.configToCreate, effects).then(() => setDesiredCount(plan, effects));
      return prepared;
    };
    return startDeployment(plan, appSpecFor(plan.appSpec, plan.service, arn), { deadline, prepare }, effects);
  },
  looker: (arn, tell) => {
    const subject = { ...plan.request, group: plan.group, revision: arn };
    return new DeploymentLooker(effects.aws, subject, () => effects.clock.now(), tell);
  },
  next,
  rollBack: (id) => tryToStop(() => stopDeployment(id, { rollback: true }, effects), effects),
  async lookOnce(id) {
    const aws = effects.steady.once();
    const seen = observed(await readDeployment(aws, id));
    if (!seen.rollback?.id) return seen;
    const { status } = await readDeployment(aws, seen.rollback.id);
    return { ...seen, rollback: { ...seen.rollback, status } };
  },
  way: wayOf(plan.group, effects),
});
