import { type Finding, refuse } from '../../../../shared/errors';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { checkAlarms } from './alarms';
import { checkConfig, checkGroup, checkStrategyInputs, checkTestListener, planAppSpec } from './codedeploy-checks';
import { composeCodeDeploy } from './codedeploy-plan';
import { checkAccount, checkActive, checkCompatibility, checkDesired, checkService } from './common-checks';
import { type CodeDeployState, type CurrentState, type Earlier, foundIn } from './current-state';
import { bareStrategy, checkEcs, unusedInputs } from './ecs-checks';
import { composeEcs } from './ecs-plan';
import { basicPlan } from './make-plan';
import { checkOneOffTask } from './one-off-task';
import type { CodeDeployPlan, Plan } from './plan';
import { unusedOptions } from './service-options';

/**
 * Decides what is to be done; `earlier` is what a run knows that has read again.
 *
 * @throws InputError with everything that speaks against it; nothing has been changed then
 */
export function decide(request: Request, files: Files, state: CurrentState, earlier?: Earlier): Plan {
  const common = [
    ...checkService(state, request),
    ...checkDesired(state),
    ...checkAccount(state, request),
    ...checkOneOffTask(state, request),
    ...checkAlarms(state, request),
  ];
  if (!state.deployments) {
    refuse(common);
    throw new Error('a service without a way to deploy it passed the checks');
  }
  if (state.desired.kind === 'nothing') return decideRollback(state.deployments, request, state, common);
  const plan = decideUnder(state.deployments, { request, files, state, common, earlier });
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
      return composeCodeDeploy(basicPlan(request, state, { unused: [], earlier: undefined }), deployments, undefined);
    case 'ECS':
      refuse(common);
      return composeEcs(basicPlan(request, state, { unused: [], earlier: undefined }), deployments);
  }
}

/** What a decision is made from. */
interface Basis {
  readonly request: Request;
  readonly files: Files;
  readonly state: CurrentState;
  /** What is wrong under any controller. */
  readonly common: readonly Finding[];
  readonly earlier: Earlier | undefined;
}

function decideUnder(deployments: NonNullable<CurrentState['deployments']>, basis: Basis): Plan {
  const { request, files, state, common, earlier } = basis;
  switch (deployments.controller) {
    case 'CODE_DEPLOY':
      return decideCodeDeploy(deployments, basis);
    case 'ECS':
      refuse([...common, ...checkCompatibility(state), ...checkEcs(state, request)]);
      return composeEcs(
        basicPlan(request, state, {
          unused: [...unusedInputs(request, files), ...unusedOptions(request, true), ...bareStrategy(state, request)],
          earlier,
        }),
        deployments,
      );
  }
}

function decideCodeDeploy(
  deployments: CodeDeployState,
  { request, files, state, common, earlier }: Basis,
): CodeDeployPlan {
  const appSpec = planAppSpec(files.appSpec, state, request.region);
  refuse([
    ...common,
    ...checkCompatibility(state, appSpec.plan),
    ...checkGroup(deployments, request),
    ...checkTestListener(deployments, request),
    ...checkConfig(deployments, request),
    ...checkStrategyInputs(request, deployments, foundIn(state.service)!),
    ...appSpec.findings,
  ]);
  // All reads that could speak against it have found something by now.
  const basic = basicPlan(request, state, { unused: [...appSpec.notices, ...unusedOptions(request, false)], earlier });
  return composeCodeDeploy(basic, deployments, appSpec.plan!);
}
