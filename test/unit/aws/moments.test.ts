import { ECR } from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws } from '../../local/aws/embedded';
import type { FaultEffect } from '../../local/aws/faults';

const call = 'ecr:CreateRepository';
let aws: EmbeddedAws;
let calls: string[];

beforeEach(() => {
  aws = createEmbeddedAws();
  calls = [];
  const isThere = () => (aws.ecr.repositories.has('app') ? 'there' : 'not there');
  aws.moments.at({ call }, () => calls.push(`arrives, ${isThere()}`));
  aws.moments.at({ call, when: 'took effect' }, () => calls.push(`took effect, ${isThere()}`));
});
afterEach(() => aws.close());

const create = (repositoryName = 'app') =>
  new ECR({
    region: aws.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: aws.handler as never,
  })
    .createRepository({ repositoryName })
    .catch(() => undefined);

const effective = ['arrives, not there', 'took effect, there'];
const lost = ['arrives, not there'];

it.each<[FaultEffect | undefined, readonly string[]]>([
  [undefined, effective],
  [{ kind: 'hang', when: 'before' }, lost],
  [{ kind: 'hang', when: 'after' }, effective],
  [{ kind: 'drop', when: 'before' }, lost],
  [{ kind: 'drop', when: 'after' }, effective],
  [{ kind: 'garble' }, effective],
  [{ kind: 'throttle' }, lost],
  [{ kind: 'refuse' }, lost],
])('a call with the fault %j has the moments %j', async (effect, expected) => {
  if (effect) aws.faults.add({ on: '*', effect });
  await create();
  expect(calls).toEqual(expected);
});

it('a call that AWS refuses has taken no effect', async () => {
  await create('NOT A NAME');
  expect(calls).toEqual(lost);
});

it('a moment comes once, at the call that is meant, unless it was taken back', async () => {
  let isMeant = false;
  const times: number[] = [];
  aws.moments.at({ call: 'ecr:*', nth: 2, if: () => isMeant }, () => times.push(aws.calls.length));
  aws.moments.at({ call }, () => times.push(-1))();
  await create();
  expect(aws.moments.pending()).toHaveLength(1);
  isMeant = true;
  for (let count = 0; count < 4; count++) await create();
  expect([times, aws.moments.pending()]).toEqual([[2], []]);
});
