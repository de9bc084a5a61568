import type { Finding } from '../../../../shared/errors';
import type { Request } from '../inputs';
import { type CurrentState, foundIn } from './current-state';

/** The alarms that end a deployment when they go off, and who names them. */
export interface AlarmsInForce {
  readonly names: readonly string[];
  readonly by: 'rollback-on' | 'codedeploy-deployment-group' | 'service';
}

const prefix = 'alarm:';

/** The word of `rollback-on` that has a deployment watch no alarm. */
export const alarmsOff = 'alarm:off';

/** The alarms that `rollback-on` names, none for `alarm:off`; undefined where it names no alarms. */
export function alarmsAsked({ inputs }: Pick<Request, 'inputs'>): readonly string[] | undefined {
  const words = (inputs['rollback-on'] ?? []).filter((word) => word.startsWith(prefix));
  if (words.length === 0) return undefined;
  const names = words.filter((word) => word !== alarmsOff).map((word) => nameIn(word.slice(prefix.length)));
  // A name and its ARN are one alarm; CodeDeploy refuses two of one name (InvalidAlarmConfigException).
  return [...new Set(names)];
}

/** ECS and CodeDeploy take alarms by name; many people have the ARN at hand, which ends with the name. */
const alarmArn = /^arn:[^:]+:cloudwatch:([^:]*):[^:]*:alarm:(.+)$/;
const nameIn = (alarm: string): string => alarmArn.exec(alarm)?.[2] ?? alarm;

/** Alarms by ARN that are not in the region: a deployment can only watch those of its own. */
function fromElsewhere({ inputs, region }: Request): Finding[] {
  const given = (inputs['rollback-on'] ?? []).map((word) => alarmArn.exec(word.slice(prefix.length)));
  return given.flatMap((arn) => {
    if (!arn || arn[1] === region) return [];
    const problem = `alarm ${arn[2]} is in ${arn[1]}, and the deployment in ${region}; name an alarm of ${region}`;
    return [{ where: 'rollback-on', problem }];
  });
}

/** The alarms that a deployment will have: those of `rollback-on`, else those of its group or service. */
export function alarmsInForce(
  request: Pick<Request, 'inputs'>,
  { deployments, service }: Pick<CurrentState, 'deployments' | 'service'>,
): AlarmsInForce {
  const asked = alarmsAsked(request);
  if (asked) return { names: asked, by: 'rollback-on' };
  if (deployments?.controller === 'CODE_DEPLOY') {
    const { enabled, alarms = [] } = foundIn(deployments.group)?.info.alarmConfiguration ?? {};
    return { names: enabled ? alarms.flatMap(({ name }) => name ?? []) : [], by: 'codedeploy-deployment-group' };
  }
  const { enable, alarmNames = [] } = foundIn(service)?.deploymentConfiguration?.alarms ?? {};
  return { names: enable ? alarmNames : [], by: 'service' };
}

/** CodeDeploy takes so many alarms (AlarmsLimitExceededException), and would say so after the revision is registered. */
const mostUnderCodeDeploy = 10;

function tooMany(request: Request, { deployments }: CurrentState): Finding[] {
  const { length } = alarmsAsked(request) ?? [];
  if (deployments?.controller !== 'CODE_DEPLOY' || length <= mostUnderCodeDeploy) return [];
  const problem = `names ${length} alarms, and CodeDeploy takes ${mostUnderCodeDeploy}; leave some out, or join them in a composite alarm`;
  return [{ where: 'rollback-on', problem }];
}

/** Alarms that do not exist: a deployment that watches them cannot be told apart from one that fails. */
export function checkAlarms(state: CurrentState, request: Request): Finding[] {
  const findings = [...fromElsewhere(request), ...tooMany(request, state)];
  const known = foundIn(state.alarms);
  if (!known || findings.length > 0) return findings;
  const { names, by } = alarmsInForce(request, state);
  const missing = names.filter((name) => !known.some((alarm) => alarm.name === name));
  const next = `create it, or set rollback-on: ${alarmsOff} to deploy without alarms`;
  return missing.map((name) => ({ where: by, problem: `there is no alarm ${name} in ${request.region}; ${next}` }));
}

/** Alarms that are already in ALARM, and would end the deployment immediately. */
export function ringing(state: CurrentState, request: Pick<Request, 'inputs'>): string[] {
  const { names } = alarmsInForce(request, state);
  const on = (foundIn(state.alarms) ?? []).filter(({ name, state: is }) => names.includes(name) && is === 'ALARM');
  if (on.length === 0) return [];
  const which = `${on.length === 1 ? 'alarm' : 'alarms'} ${on.map(({ name }) => name).join(', ')}`;
  const how = `to deploy a fix anyway, set rollback-on: ${alarmsOff}`;
  return [`${which} ${on.length === 1 ? 'is' : 'are'} in ALARM now and would end this deployment at once; ${how}`];
}
