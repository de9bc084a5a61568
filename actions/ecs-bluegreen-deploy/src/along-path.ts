import type { Effects } from './aws/effects';
import { codeDeployPath } from './codedeploy/path';
import type { Plan } from './plan/plan';
import { serviceDeploymentPath } from './service-deployment/path';
import type { Path } from './watching/path';
import type { Seen } from './watching/seen';

/** Does something along the path of the plan's controller. */
export const alongPath = <T>(plan: Plan, effects: Effects, go: <O extends Seen>(path: Path<O>) => T): T =>
  plan.controller === 'CODE_DEPLOY' ? go(codeDeployPath(plan, effects)) : go(serviceDeploymentPath(plan, effects));
