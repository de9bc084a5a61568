/**
 * AWS adds values to its enumerations. Whatever new one stands in an answer, a run ends, says nothing without sense, and calls nothing
 * a success that is none.
 */

import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as codedeploy from '@aws-sdk/client-codedeploy';
import * as ecs from '@aws-sdk/client-ecs';
import { expect, it } from '@jest/globals';
import { deployments, type Stage, type StageOptions, serviceOf, setStage } from './deploy-stage';
import { rewritingAws } from './rewriting-aws';

/** The values of all enumerations: the SDK exports each as an object that has them. */
const known = new Set(
  [ecs, codedeploy, cloudwatch]
    .flatMap((client) => Object.values(client as Readonly<Record<string, unknown>>))
    .flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
    .filter((value) => typeof value === 'string'),
);

/** An answer whose member has a value of tomorrow, wherever it stands; `found` gets all members that are of an enumeration. */
function renewed(value: unknown, member: string | undefined, found: (name: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => renewed(item, member, found));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (!known.has(item)) return [name, renewed(item, member, found)];
      found(name);
      return [name, name === member ? 'OF_TOMORROW' : item];
    }),
  );
}

/** Members that mean something else in each call; the others are renewed in all answers at once. */
const ofACall: ReadonlySet<string> = new Set(['status', 'type', 'computePlatform']);
const nameOf = (call: string, member: string) => (ofACall.has(member) ? `${call} ${member}` : `* ${member}`);

/** One deployment, with a new value in the members of a name. */
async function run(options: StageOptions, name?: string) {
  const [call = '', member] = name?.split(' ') ?? [];
  const stage = await setStage(options);
  const { endpoint } = await stage.aws.listen();
  const found = new Set<string>();
  const middle = await rewritingAws(endpoint, (of, answer) =>
    renewed(answer, call === '*' || of === call ? member : undefined, (one) => found.add(nameOf(of, one))),
  );
  try {
    const env = { AWS_ENDPOINT_URL: middle.endpoint };
    const deployed = await stage.deploy({ inputs: { 'wait-for-minutes': '20' }, env });
    return { ...deployed, found, isDone: endsOf(stage).every((end) => /succ/i.test(end) && !/rollback/i.test(end)) };
  } finally {
    await middle.close();
    await stage.clear();
  }
}

/** How all deployments have ended, as the embedded AWS knows it. */
const endsOf = (stage: Stage): readonly string[] =>
  serviceOf(stage).controller === 'CODE_DEPLOY'
    ? deployments(stage)
    : serviceOf(stage).serviceDeployments.map(({ status }) => status);

const steps = { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 }, bakeTimeInMinutes: 1 };
const canary = { strategy: 'CANARY' as const, ...steps };
const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const alarmed: StageOptions = {
  seed: { alarms: ['errors'], rollbackOn: ['DEPLOYMENT_STOP_ON_ALARM'] },
  play: { alarmAt: { name: 'errors', ms: 30_000 }, slowInstall: 60_000 },
};

/** What is read while a deployment is watched; the rest is not about its end. */
const watching =
  /^(GetDeployment|BatchGet\w+|DescribeService\w*|ListServiceDeployments|ListDeployments|DescribeTasks|\*) /;
const ofItself: readonly string[] = ['GetDeployment status', 'DescribeServiceDeployments status'];

it.each<[string, StageOptions, RegExp]>([
  ['a success under CODE_DEPLOY', { seed: { alarms: ['errors'] } }, /./],
  ['a success under ECS', { ecs: { alarms: ['errors'], deployment: canary } }, /./],
  ['a rollback under CODE_DEPLOY', alarmed, watching],
  ['a rollback under ECS', { ecs: { deployment: { ...canary, ...breaker } }, play: { crashTasks: {} } }, watching],
])('%s is told by what is known', async (_, options, calls) => {
  const plain = await run(options);
  expect(plain.status === 0).toBe(plain.isDone);
  const changed = [...plain.found].filter((one) => calls.test(one));
  expect(changed.length).toBeGreaterThan(15);
  for (const one of changed) {
    const { status, outputs, log, isDone } = await run(options, one);
    const senseless = /unexpected error|\bundefined\b|\bNaN\b|\[object/.exec(log)?.[0];
    expect([one, senseless, status === 0 && !isDone]).toEqual([one, undefined, false]);
    if (ofItself.includes(one)) expect([one, status, outputs['deployment-status']]).toEqual([one, 4, 'TIMED_OUT']);
  }
});
