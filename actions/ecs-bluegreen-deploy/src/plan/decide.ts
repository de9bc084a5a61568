import { type Finding, refuse } from '../../../../shared/errors';
import type { CodeDeploySituation, EcsSituation, Situation } from '../aws/read-current-state';
import type { Files } from '../files';
import type { Request } from '../inputs';
import {
  checkAccount,
  checkActive,
  checkCompatibility,
  checkGroup,
  checkService,
  checkStrategyInputs,
  checkWanted,
  planAppSpec,
} from './codedeploy-checks';
import { composeCodeDeploy } from './codedeploy-plan';
import { checkServiceDeployment, unusedInputs } from './ecs-checks';
import { composeService } from './ecs-plan';
import { basicPlan, type CodeDeployPlan, type Plan, type ServicePlan } from './plan';

/**
 * Decides what is to be done. Pure.
 *
 * @throws InputError with everything that speaks against it; nothing has been changed then
 */
export function decide(request: Request, files: Files, situation: Situation): Plan {
  const { under } = situation;
  const common = [...checkService(situation, request), ...checkWanted(situation), ...checkAccount(situation, request)];
  if (!under) {
    refuse(common);
    throw new Error('a service without a way to deploy it passed the checks');
  }
  const plan =
    under.controller === 'ECS'
      ? decideService(request, files, situation, under, common)
      : decideCodeDeploy(request, files, situation, under, common);
  refuse(checkActive(request, plan.active.others));
  return plan;
}

function decideService(
  request: Request,
  files: Files,
  situation: Situation,
  under: EcsSituation,
  common: readonly Finding[],
): ServicePlan {
  refuse([...common, ...checkCompatibility(situation), ...checkServiceDeployment(situation, request)]);
  return composeService(basicPlan(request, situation, unusedInputs(request, files)), under);
}

function decideCodeDeploy(
  request: Request,
  files: Files,
  situation: Situation,
  under: CodeDeploySituation,
  common: readonly Finding[],
): CodeDeployPlan {
  const appSpec = planAppSpec(files.appSpec, situation, request.region);
  refuse([
    ...common,
    ...checkCompatibility(situation, appSpec.plan),
    ...checkGroup(under, request),
    ...checkStrategyInputs(request, under),
    ...appSpec.findings,
  ]);
  // All looks that could speak against it have been found by now.
  return composeCodeDeploy(basicPlan(request, situation, []), under, appSpec.plan!);
}
