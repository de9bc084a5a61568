import type { Effects } from '../aws/effects';
import type { Plan } from '../plan/plan';
import type { Path } from '../watch/controller';
import type { Seen } from '../watch/snapshot';
import { codeDeployPath } from './codedeploy/codedeploy-controller';
import { serviceDeploymentPath } from './ecs/ecs-controller';

/** Does something along the path of the plan's controller. */
export const alongPath = <T>(plan: Plan, effects: Effects, go: <O extends Seen>(path: Path<O>) => T): T =>
  plan.controller === 'CODE_DEPLOY' ? go(codeDeployPath(plan, effects)) : go(serviceDeploymentPath(plan, effects));
