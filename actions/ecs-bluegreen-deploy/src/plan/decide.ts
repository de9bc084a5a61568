import { type Finding, refuse } from '../../../../shared/errors';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { checkConfig, checkGroup, checkStrategyInputs, checkTestListener, planAppSpec } from './codedeploy-checks';
import { composeCodeDeploy } from './codedeploy-plan';
import { checkAccount, checkActive, checkCompatibility, checkDesired, checkService } from './common-checks';
import type { CodeDeployState, CurrentState } from './current-state';
import { checkEcs, unusedInputs } from './ecs-checks';
import { composeEcs } from './ecs-plan';
import { checkOneOffTask } from './one-off-task';
import { basicPlan, type CodeDeployPlan, type Plan } from './plan';
import { unusedOptions } from './service-options';

/**
 * Decides what is to be done.
 *
 * @throws InputError with everything that speaks against it; nothing has been changed then
 */
export function decide(request: Request, files: Files, state: CurrentState): Plan {
  const common = [
    ...checkService(state, request),
    ...checkDesired(state),
    ...checkAccount(state, request),
    ...checkOneOffTask(state, request),
  ];
  if (!state.deployments) {
    refuse(common);
    throw new Error('a service without a way to deploy it passed the checks');
  }
  if (state.desired.kind === 'nothing') return decideRollback(state.deployments, request, state, common);
  const plan = decideUnder(state.deployments, request, files, state, common);
  refuse(checkActive(request, plan.active.others));
  return plan;
}

/** A rollback must not be kept from its work by what matters to a new deployment only. */
function decideRollback(
  deployments: NonNullable<CurrentState['deployments']>,
  request: Request,
  state: CurrentState,
  common: readonly Finding[],
): Plan {
  switch (deployments.controller) {
    case 'CODE_DEPLOY':
      refuse([...common, ...checkGroup(deployments, request)]);
      return composeCodeDeploy(basicPlan(request, state, unusedOptions(request, false)), deployments, undefined);
    case 'ECS':
      refuse(common);
      return composeEcs(basicPlan(request, state, unusedOptions(request, false)), deployments);
  }
}

function decideUnder(
  deployments: NonNullable<CurrentState['deployments']>,
  request: Request,
  files: Files,
  state: CurrentState,
  common: readonly Finding[],
): Plan {
  switch (deployments.controller) {
    case 'CODE_DEPLOY':
      return decideCodeDeploy(deployments, request, files, state, common);
    case 'ECS':
      refuse([...common, ...checkCompatibility(state), ...checkEcs(state, request)]);
      return composeEcs(
        basicPlan(request, state, [...unusedInputs(request, files), ...unusedOptions(request, true)]),
        deployments,
      );
  }
}

function decideCodeDeploy(
  deployments: CodeDeployState,
  request: Request,
  files: Files,
  state: CurrentState,
  common: readonly Finding[],
): CodeDeployPlan {
  const appSpec = planAppSpec(files.appSpec, state, request.region);
  refuse([
    ...common,
    ...checkCompatibility(state, appSpec.plan),
    ...checkGroup(deployments, request),
    ...checkTestListener(deployments, request),
    ...checkConfig(deployments, request),
    ...checkStrategyInputs(request, deployments),
    ...appSpec.findings,
  ]);
  // All reads that could speak against it have found something by now.
  return composeCodeDeploy(basicPlan(request, state, unusedOptions(request, false)), deployments, appSpec.plan!);
}
