import type { CreateDeploymentConfigInput, DeploymentConfigInfo } from '@aws-sdk/client-codedeploy';
import type { Finding } from '../../../../shared/errors';
import type { TrafficShift } from '../input-forms';
import type { Request } from '../inputs';
import { foundIn, type ReadResult } from './current-state';

/** Those of a canary or linear shift that every account has. */
const predefined = [
  'ECSCanary10Percent5Minutes',
  'ECSCanary10Percent15Minutes',
  'ECSLinear10PercentEvery1Minutes',
  'ECSLinear10PercentEvery3Minutes',
];

/** The deployment configuration that is asked for by its name or by a traffic shift; undefined leaves the group's. */
export const chosenConfig = ({ inputs, shift }: Pick<Request, 'inputs' | 'shift'>): string | undefined =>
  inputs['codedeploy-deployment-config'] ?? (shift && configName(shift));

/** The predefined configuration of a traffic shift, else the name of one that moves it so. */
export function configName({ kind, percent, minutes }: TrafficShift): string {
  const name =
    kind === 'canary'
      ? `ECSCanary${percent}Percent${minutes}Minutes`
      : `ECSLinear${percent}PercentEvery${minutes}Minutes`;
  return predefined.includes(name) ? `CodeDeployDefault.${name}` : name;
}

/** What creates the configuration of a traffic shift. */
const configInput = (shift: TrafficShift): CreateDeploymentConfigInput => ({
  deploymentConfigName: configName(shift),
  computePlatform: 'ECS',
  trafficRoutingConfig: routingOf(shift),
});

const routingOf = ({ kind, percent, minutes }: TrafficShift): DeploymentConfigInfo['trafficRoutingConfig'] =>
  kind === 'canary'
    ? { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: percent, canaryInterval: minutes } }
    : { type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: percent, linearInterval: minutes } };

/** What has to be created; undefined where nothing has. */
export function configToCreate(
  { shift }: Pick<Request, 'shift'>,
  result: ReadResult<DeploymentConfigInfo>,
): CreateDeploymentConfigInput | undefined {
  if (!shift || 'found' in result || configName(shift).startsWith('CodeDeployDefault.')) return undefined;
  return configInput(shift);
}

/** Checks that CodeDeploy can move the traffic as asked, and that a configuration of that name does. */
export function checkShiftOfConfig({ inputs, shift }: Request, result: ReadResult<DeploymentConfigInfo>): Finding[] {
  const where = 'traffic-shift';
  if (!shift) return [];
  const { percent, minutes } = shift;
  const problem = `CodeDeploy moves whole percents from 1 to 99, with at least a minute between`;
  if (!Number.isInteger(percent) || percent < 1 || percent > 99 || minutes < 1) {
    return [{ where, problem: `${problem}, got ${JSON.stringify(inputs[where])}` }];
  }
  const found = foundIn(result)?.trafficRoutingConfig;
  if (!found || sameRouting(found, routingOf(shift))) return [];
  return [
    { where, problem: `there is a deployment configuration ${configName(shift)} that moves the traffic differently` },
  ];
}

type Routing = DeploymentConfigInfo['trafficRoutingConfig'];

const sameRouting = (a: Routing, b: Routing) =>
  a?.type === b?.type &&
  a?.timeBasedCanary?.canaryPercentage === b?.timeBasedCanary?.canaryPercentage &&
  a?.timeBasedCanary?.canaryInterval === b?.timeBasedCanary?.canaryInterval &&
  a?.timeBasedLinear?.linearPercentage === b?.timeBasedLinear?.linearPercentage &&
  a?.timeBasedLinear?.linearInterval === b?.timeBasedLinear?.linearInterval;
