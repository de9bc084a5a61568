import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { parseArn, partitionOf } from '../../../shared/aws/arn';
import { callOf } from '../../../shared/aws/call';
import { type Aws, awsClients } from '../../../shared/aws/clients';
import { explainAwsError, isLostAnswer, isRefusal, isThrottling } from '../../../shared/aws/errors';

process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
process.env['AWS_SECRET_ACCESS_KEY'] = 'example';

/** Answers every request of the real clients with one error. */
/** Clients whose attempts are answered with these statuses, one after the other. */
function answering(status: number | readonly number[], type: string, message: string) {
  const statuses = [status].flat();
  const seen: string[] = [];
  const handler = {
    async handle(request: { headers: Record<string, string> }) {
      seen.push(request.headers['x-amz-target'] ?? '');
      const body = new TextEncoder().encode(JSON.stringify({ __type: type, message }));
      return {
        response: new HttpResponse({
          statusCode: statuses[seen.length - 1] ?? statuses.at(-1)!,
          headers: { 'content-type': 'application/x-amz-json-1.1' },
          body,
        }),
      };
    },
  };
  return { seen, aws: awsClients({ region: 'us-west-2', handler, attempts: 2 }) };
}

const caught = async (job: () => Promise<unknown>): Promise<unknown> => {
  try {
    await job();
  } catch (error) {
    return error;
  }
  throw new Error('no error was thrown');
};
const describeClusters = async (aws: Aws) => (await aws.ecs()).describeClusters({});

describe('errors of AWS calls', () => {
  it.each([
    [
      400,
      'AccessDeniedException',
      'not authorized',
      /ecs:DescribeClusters: not authorized; allow ecs:DescribeClusters to the role/,
    ],
    [400, 'ExpiredTokenException', 'expired', /the credentials have expired; start the action again/],
    [400, 'UnrecognizedClientException', 'bad token', /does not accept the credentials \(bad token\)/],
    [400, 'ThrottlingException', 'Rate exceeded', /throttling \(Rate exceeded\) and did not stop within 2 attempts/],
    [500, 'ServerException', 'oops', /AWS failed \(oops\); run again later/],
    [400, 'ClientException', 'two\nlines', /ClientException: two lines/],
    [
      400,
      'AccessDeniedException',
      'not authorized to perform: ecs:X with an explicit deny in a service control policy',
      /in a service control policy; remove the explicit deny$/,
    ],
  ])('%i %s names the call, the reason and the next step', async (status, type, message, line) => {
    const { aws } = answering(status, type, message);
    const error = await caught(() => describeClusters(aws));
    expect(explainAwsError(error)?.message).toMatch(line);
    expect(callOf(error)).toEqual({ service: 'ecs', operation: 'DescribeClusters' });
    expect([isRefusal(error), isThrottling(error), isLostAnswer(error)]).toEqual([
      type === 'AccessDeniedException',
      type === 'ThrottlingException',
      status === 500,
    ]);
  });

  it.each([
    [
      'The SSO session has expired.\nRun aws sso login.',
      /there are no credentials: The SSO session has expired. Run aws sso login$/,
    ],
    ['Could not load credentials from any providers', /no credentials were found; connect an environment/],
  ])('tell why there are no credentials: %j', (message, line) => {
    const error = Object.assign(new Error(message), { name: 'CredentialsProviderError' });
    expect(explainAwsError(error)?.message).toMatch(line);
  });

  it.each([
    [
      { AWS_PROFILE: 'ci' },
      'no credentials were found (AWS_PROFILE names ci, which gives none); run aws sts get-caller-identity --profile ci',
    ],
    [
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x' },
      'found (what AWS_CONTAINER_CREDENTIALS_FULL_URI names gives none);',
    ],
    [{ AWS_ACCESS_KEY_ID: 'A' }, 'no credentials were found (AWS_SECRET_ACCESS_KEY is not set); connect'],
  ])('names where %j says that there are credentials', (env, line) => {
    const before = process.env;
    process.env = { ...before, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_PROFILE: '', ...env };
    try {
      const error = Object.assign(new Error(''), { name: 'CredentialsProviderError' });
      expect(explainAwsError(error)?.message).toContain(line);
    } finally {
      process.env = before;
    }
  });

  it.each([
    [{ code: 'ERR_INVALID_URL' }, 'Invalid URL', 'Invalid URL; correct AWS_ENDPOINT_URL'],
    [
      { name: 'EndpointError' },
      'FIPS and custom endpoint',
      'FIPS and custom endpoint; check AWS_ENDPOINT_URL, AWS_USE',
    ],
    [{ code: 'EPROTO' }, 'write EPROTO:wrong version number', 'the endpoint does not speak TLS'],
    [{ code: 'ENOENT' }, "ENOENT: no such file or directory, open '/t'", "open '/t'; it is needed for the credentials"],
    [
      { name: 'AccessDenied' },
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      'sts:AssumeRoleWithWebIdentity; check the ARN of the role and its trust policy',
    ],
  ])('says what to correct on this machine: %j', async (fields, message, line) => {
    const handler = { handle: async () => Promise.reject(Object.assign(new Error(message), fields)) };
    const error = await caught(() => describeClusters(awsClients({ region: 'us-west-2', handler, attempts: 1 })));
    expect(explainAwsError(error)?.message).toContain(line);
  });

  it('tells the status of what is not from AWS', async () => {
    const handler = {
      handle: async () => ({
        response: new HttpResponse({ statusCode: 407, headers: {}, body: new TextEncoder().encode('<html>') }),
      }),
    };
    const error = await caught(() => describeClusters(awsClients({ region: 'us-west-2', handler, attempts: 1 })));
    expect(explainAwsError(error)?.message).toBe(
      'cannot call ecs:DescribeClusters: an answer of HTTP status 407 that is not from AWS; check the endpoint and any proxy',
    );
  });

  it('does not take a role that may not be assumed for a call that is refused', () => {
    const message = 'User x is not authorized to perform: sts:AssumeRole on resource: y';
    expect(isRefusal(Object.assign(new Error(message), { name: 'AccessDenied' }))).toBe(false);
  });

  it('leaves other errors alone', () => {
    expect(explainAwsError(new TypeError('x'))).toBeUndefined();
    expect(explainAwsError(undefined)).toBeUndefined();
  });
});

describe('clients', () => {
  it('try again, unless told to send once', async () => {
    const { aws, seen } = answering(500, 'ServerException', 'oops');
    await caught(() => describeClusters(aws));
    expect(seen).toHaveLength(2);
    await caught(() => describeClusters(aws.once()));
    expect(seen).toHaveLength(3);
  });

  it('know whether a change was asked for, also when it is sent once', async () => {
    const { aws } = answering(400, 'ClientException', 'no');
    await caught(() => describeClusters(aws));
    expect(aws.changed()).toBe(false);
    await caught(async () => (await aws.once().ecs()).deregisterTaskDefinition({ taskDefinition: 'x:1' }));
    expect(aws.changed()).toBe(true);
  });

  it('know which changes failed although an attempt may have made them', async () => {
    const unanswered = async (...statuses: number[]) => {
      const { aws } = answering(statuses, 'ClientException', 'no');
      await (await aws.ecs()).stopTask({ task: 'x' }).catch(() => {});
      return aws.unanswered();
    };
    expect(await unanswered(500, 400)).toEqual(['ecs:StopTask']);
    expect(await unanswered(500, 500)).toEqual(['ecs:StopTask']);
    expect(await unanswered(400)).toEqual([]);
    expect(await unanswered(500, 200)).toEqual([]);
  });

  it('send nothing after the signal', async () => {
    const ending = new AbortController();
    const reason = new Error('interrupted');
    const seen: unknown[] = [];
    const handler = { handle: async (request: unknown) => seen.push(request) };
    const aws = awsClients({ region: 'us-west-2', handler, signal: ending.signal });
    ending.abort(reason);
    expect(await caught(() => describeClusters(aws))).toBe(reason);
    expect(seen).toHaveLength(0);
  });
});

it('a signal ends the search for credentials', async () => {
  const ending = new AbortController();
  const aws = awsClients({ region: 'us-west-2', handler: { handle: async () => {} }, signal: ending.signal });
  const ecs = await aws.ecs();
  ecs.config.credentials = () => {
    ending.abort(new Error('interrupted'));
    return new Promise(() => {});
  };
  await expect(ecs.describeClusters({})).rejects.toThrow('interrupted');
});

describe('an answer that cannot be read', () => {
  /** Answers so many times with a body that is no answer, then well. */
  function answeringBadly(body: string, times: number) {
    let seen = 0;
    const handler = {
      async handle() {
        seen++;
        const text =
          seen <= times ? body : '{"clusters":[],"failures":[],"taskDefinition":{"taskDefinitionArn":"web:1"}}';
        const headers = { 'content-type': 'application/x-amz-json-1.1' };
        return { response: new HttpResponse({ statusCode: 200, headers, body: new TextEncoder().encode(text) }) };
      },
    };
    return { seen: () => seen, aws: awsClients({ region: 'us-west-2', handler }) };
  }

  const register = async (aws: Aws) =>
    (await aws.ecs()).registerTaskDefinition({ family: 'web', containerDefinitions: [] });

  it.each(['{"clusters":[{', '<html></html>', '{}'])(
    'is asked for again where it is that of a read: %s',
    async (body) => {
      const { aws, seen } = answeringBadly(body, 2);
      await describeClusters(aws);
      expect(seen()).toBe(body === '{}' ? 1 : 3);
    },
  );

  it.each<[string, number, (aws: Aws) => Promise<unknown>]>([
    ['is told after three times', 3, describeClusters],
    ['is told at once where that is asked for', 1, (aws) => describeClusters(aws.once())],
    ['is told at once where something was changed', 1, register],
  ])('%s', async (_, times, send) => {
    const { aws, seen } = answeringBadly('{"clusters":[{', 9);
    const error = await caught(() => send(aws));
    expect([isLostAnswer(error), seen()]).toEqual([true, times]);
    expect(explainAwsError(error)?.message).not.toContain('Deserialization');
  });
});

it('a call that is begun after the signal ends at once, whatever it would wait for', async () => {
  const ending = new AbortController();
  const aws = awsClients({ region: 'us-west-2', handler: { handle: async () => {} }, signal: ending.signal });
  const ecs = await aws.ecs();
  ecs.config.credentials = () => new Promise(() => {});
  const reason = Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
  ending.abort(reason);
  await expect(ecs.describeClusters({})).rejects.toBe(reason);
});

describe('ARNs', () => {
  it.each([
    ['arn:aws:ecs:us-west-2:123456789012:cluster/a', 'cluster/a'],
    ['arn:aws:iam::123456789012:role/x', 'role/x'],
    ['arn:aws:logs:us-west-2:1:log-group:/a:*', 'log-group:/a:*'],
  ])('%s has the resource %s', (text, resource) => {
    expect(parseArn(text)?.resource).toBe(resource);
  });

  it.each(['', 'cluster', 'arn:aws:ecs', 'arn:aws:ecs:us-west-2:1:', 'urn:aws:ecs:r:1:x'])('%j is none', (text) => {
    expect(parseArn(text)).toBeUndefined();
  });

  it.each([
    ['us-west-2', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
  ])('%s lies in %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });
});
