import { setImmediate as turn } from 'node:timers/promises';
import { ECR, RepositoryNotFoundException } from '@aws-sdk/client-ecr';
import { STS } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Fault, Faults } from '../../local/aws/faults';
import { type BothWays, credentials, openBothWays, type Way, ways } from './both-ways';

let aws: BothWays['aws'];
let http: BothWays['http'];
let configOf: BothWays['configOf'];
beforeEach(async () => {
  ({ aws, http, configOf } = await openBothWays());
});
afterEach(() => aws.close());

const caught = (job: Promise<unknown>): Promise<unknown> =>
  job.then(
    () => 'no error',
    (error: unknown) => error,
  );
const create = (way: Way, repositoryName = 'app') => new ECR(configOf(way)).createRepository({ repositoryName });

describe.each(ways)('faults %s', (way) => {
  it.each([
    [{ kind: 'throttle' }, 'ThrottlingException', 'Throttling'],
    [{ kind: 'refuse' }, 'AccessDeniedException', 'AccessDenied'],
    [{ kind: 'error', code: 'ServerException', message: 'oops', status: 500 }, 'ServerException', 'ServerException'],
  ] as const)('%j is an error of the protocol', async (effect, json, query) => {
    aws.faults.add({ on: '*', times: 2, effect });
    expect(await caught(create(way))).toMatchObject({ name: json });
    expect(await caught(new STS(configOf(way)).getCallerIdentity({}))).toMatchObject({ name: query });
    expect(aws.calls.map(({ outcome }) => outcome)).toEqual([json, query]);
    await create(way);
  });

  it('modelled errors come as their classes', async () => {
    const effect = { kind: 'error', code: 'RepositoryNotFoundException', message: 'gone' } as const;
    aws.faults.add({ on: 'ecr:CreateRepository', effect });
    const error = await caught(create(way));
    expect(error).toBeInstanceOf(RepositoryNotFoundException);
    expect(error).toMatchObject({ message: 'gone' });
  });

  it('a refusal names the user and the action', async () => {
    aws.faults.add({ on: 'ecr:*', effect: { kind: 'refuse' } });
    const words = /^User: arn:aws:sts::123456789012:\S+ is not authorized to perform: ecr:CreateRepository on resource/;
    expect(await caught(create(way))).toMatchObject({ message: expect.stringMatching(words) });
  });

  it('a status without the protocol is an error of the server', async () => {
    aws.faults.add({ on: 'ecr:*', effect: { kind: 'status', status: 503 } });
    expect(await caught(create(way))).toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect(aws.calls[0]).toMatchObject({ outcome: 'status 503', input: { repositoryName: 'app' } });
  });

  it.each([
    ['before', false],
    ['after', true],
  ] as const)('a connection cut %s the operation took effect', async (when, exists) => {
    aws.faults.add({ on: 'ecr:CreateRepository', effect: { kind: 'drop', when } });
    expect(await caught(create(way))).toMatchObject({ message: expect.stringContaining('socket hang up') });
    expect(aws.ecr.repositories.has('app')).toBe(exists);
    expect(aws.mutations()).toEqual([expect.objectContaining({ operation: 'CreateRepository', outcome: 'dropped' })]);
  });

  it('one access key can be refused alone', async () => {
    const effect = { kind: 'error', code: 'UnrecognizedClientException', message: 'bad' } as const;
    aws.faults.add({ on: '*', accessKey: 'AKIDOTHER', times: 'always', effect });
    await create(way);
    const other = { ...configOf(way), credentials: { ...credentials, accessKeyId: 'AKIDOTHER' } };
    expect(await caught(new ECR(other).describeRepositories({}))).toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('a client that tries again gets through', async () => {
    aws.faults.add({ on: 'ecr:DescribeRepositories', times: 1, effect: { kind: 'throttle' } });
    expect(await new ECR(configOf(way, 2)).describeRepositories({})).toMatchObject({ repositories: [] });
    expect(aws.calls.map(({ outcome }) => outcome)).toEqual(['ThrottlingException', 'ok']);
  });
});

describe('silence', () => {
  it('in process lasts until the client gives up, by the driven clock', async () => {
    const start = aws.clock.now();
    aws.faults.add({ on: 'ecr:*', effect: { kind: 'hang', when: 'after' } });
    expect(await caught(create('in process'))).toMatchObject({ name: 'TimeoutError' });
    expect(aws.clock.now() - start).toBe(10_000);
    expect(aws.ecr.repositories.has('app')).toBe(true);
  });

  it('in process ends when the client is aborted', async () => {
    const ending = new AbortController();
    aws.clock.after(5_000, () => ending.abort());
    aws.faults.add({ on: 'ecr:*', effect: { kind: 'hang' } });
    const ecr = new ECR(configOf('in process'));
    const error = await caught(ecr.describeRepositories({}, { abortSignal: ending.signal }));
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  it('over HTTP lasts until the client leaves', async () => {
    aws.faults.add({ on: 'ecr:*', effect: { kind: 'hang' } });
    const ending = new AbortController();
    const answer = caught(new ECR(configOf('over HTTP')).describeRepositories({}, { abortSignal: ending.signal }));
    while (aws.calls.length === 0) await turn();
    ending.abort();
    expect(await answer).toMatchObject({ name: 'AbortError' });
    expect(aws.calls).toEqual([expect.objectContaining({ outcome: 'hung' })]);
  });
});

describe('which calls fail', () => {
  const throttle = { kind: 'throttle' } as const;

  it.each([
    ['ecs:DescribeServices', 'ecs:DescribeServices', true],
    ['ecs:DescribeServices', 'ecs:DescribeServicesX', false],
    ['ecs:*', 'ecs:UpdateService', true],
    ['ecs:*', 'ecr:DescribeImages', false],
    ['*:Describe*', 'ecr:DescribeImages', true],
    ['registry:PUT blobs', 'registry:PUT blobs', true],
    ['e.s:*', 'ecs:UpdateService', false],
    ['*', 'sts:GetCallerIdentity', true],
  ])('%s takes %s: %s', (on, call, taken) => {
    const faults = new Faults();
    faults.add({ on, effect: throttle });
    expect(faults.take({ call }) !== undefined).toBe(taken);
  });

  it('those that no call has met are pending', () => {
    const faults = new Faults();
    const [met, late] = ['ecs:DescribeServices', 'ecs:UpdateService'];
    for (const [on, times] of [
      [met, 2],
      [late, 1],
      ['sts:*', 'always'],
    ] as const) {
      faults.add({ on, after: 1, times, effect: throttle });
    }
    for (const call of [met, met, late]) faults.take({ call });
    expect(faults.pending().map(({ on }) => on)).toEqual([late]);
  });

  it.each<[Partial<Fault>, string]>([
    [{}, 'x....'],
    [{ times: 2 }, 'xx...'],
    [{ after: 2 }, '..x..'],
    [{ after: 1, times: 3 }, '.xxx.'],
    [{ after: 1, times: 'always' }, '.xxxx'],
  ])('%j: %s', (fault, expected) => {
    const faults = new Faults();
    faults.add({ on: 'a:b', effect: throttle, ...fault });
    expect([...expected].map(() => (faults.take({ call: 'a:b' }) ? 'x' : '.')).join('')).toBe(expected);
  });

  it('faults on the same calls come one after the other', () => {
    const faults = new Faults();
    for (const kind of ['throttle', 'refuse'] as const) faults.add({ on: '*', effect: { kind } });
    const taken = [1, 2, 3].map(() => faults.take({ call: 'a:b' })?.kind);
    expect(taken).toEqual(['throttle', 'refuse', undefined]);
  });

  it('the first fault that is due wins, and faults can be taken back', () => {
    const faults = new Faults();
    const takeBack = faults.add({ on: '*', times: 'always', effect: throttle });
    faults.add({ on: 'a:b', times: 'always', effect: { kind: 'refuse' } });
    expect(faults.take({ call: 'a:b' })).toEqual(throttle);
    takeBack();
    expect(faults.take({ call: 'a:b' })).toEqual({ kind: 'refuse' });
    faults.clear();
    expect(faults.take({ call: 'a:b' })).toBeUndefined();
  });
});

describe('the control interface', () => {
  const control = async (method: string, action: string, body?: unknown) => {
    const answer = await fetch(`${http.endpoint}/_control/${action}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('moves the time and runs what is due', async () => {
    const start = aws.clock.now();
    let ran = 0;
    aws.clock.after(500, () => {
      ran = aws.clock.now();
    });
    expect((await control('POST', 'advance', { ms: 1_000 })).body).toEqual({ now: start + 1_000 });
    expect(ran).toBe(start + 500);
    expect((await control('GET', 'now')).body).toEqual({ now: start + 1_000 });
    expect((await control('POST', 'advance', { ms: 'soon' })).status).toBe(400);
  });

  it('sets faults and lists calls', async () => {
    await control('POST', 'fault', { on: 'ecr:*', effect: { kind: 'throttle' } });
    await caught(create('over HTTP'));
    const { body } = await control('GET', 'calls');
    expect(body['calls']).toEqual([
      {
        service: 'ecr',
        operation: 'CreateRepository',
        input: { repositoryName: 'app' },
        mutating: true,
        at: aws.clock.now(),
        outcome: 'ThrottlingException',
      },
    ]);
    expect((await control('GET', 'nothing')).status).toBe(404);
  });
});
