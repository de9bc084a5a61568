import type { Effects } from '../aws/effects';
import type { ControllerName } from '../plan/current-state';
import type { Plan } from '../plan/plan';
import type { Controller } from '../watch/controller';
import { codeDeployController } from './codedeploy/codedeploy-controller';
import { ecsController } from './ecs/ecs-controller';

/** Every controller, made for a plan of its own kind. */
const controllers: {
  readonly [Name in ControllerName]: (plan: Extract<Plan, { controller: Name }>, effects: Effects) => Controller;
} = {
  CODE_DEPLOY: codeDeployController,
  ECS: ecsController,
};

/** The controller that carries out a plan. */
export const controllerFor = (plan: Plan, effects: Effects): Controller =>
  (controllers[plan.controller] as (plan: Plan, effects: Effects) => Controller)(plan, effects);
