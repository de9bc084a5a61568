import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Aws, type AwsOptions, awsClients } from '../../../shared/aws/clients';

const seconds = 1000;
let server: Server;
let aws: Aws;
let requests: number;

type Call = (clients: Aws) => Promise<unknown>;

/** A call of each client. */
const calls = {
  ecs: async (clients) => (await clients.ecs()).describeClusters({}),
  codedeploy: async (clients) => (await clients.codedeploy()).listApplications({}),
  ecr: async (clients) => (await clients.ecr()).getAuthorizationToken({}),
  elb: async (clients) => (await clients.elb()).describeTargetHealth({ TargetGroupArn: 'arn' }),
  cloudwatch: async (clients) => (await clients.cloudwatch()).describeAlarms({}),
  logs: async (clients) => (await clients.logs()).getLogEvents({ logStreamName: 'stream' }),
  sts: async (clients) => (await clients.sts()).getCallerIdentity({}),
} satisfies Record<Exclude<keyof Aws, 'region' | 'once' | 'changed' | 'unanswered' | 'close'>, Call>;

/** Real clients that speak with this server over HTTP, and have done so once. */
async function open(
  answer: (request: number) => 'nothing' | 'half' | number,
  limits: Partial<AwsOptions> = {},
  call: Call = calls.ecs,
) {
  requests = 0;
  let ready = false;
  const listener: RequestListener = (_request, response) => {
    const status = ready ? answer(++requests) : 200;
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    if (status === 'half') response.writeHead(200, { ...headers, 'content-length': 100 }).write('{"clusters":');
    else if (status !== 'nothing') response.writeHead(status, headers).end('{}');
  };
  server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  aws = awsClients({ region: 'us-west-2', ...limits });
  // What the clients load at their first requests takes real time, while the driven clock would run on.
  for (const clients of [aws, aws.once()]) await call(clients).catch(() => 'an answer in the form of another protocol');
  ready = true;
}

beforeEach(() => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'hrtime'] });
});
afterEach(async () => {
  jest.useRealTimers();
  delete process.env['AWS_ENDPOINT_URL'];
  aws.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The end of a call, and the time that went by on the driven clock until then. */
async function timed(job: Promise<unknown>) {
  const began = Date.now();
  let end: { readonly took: number; readonly error?: unknown } | undefined;
  job.then(
    () => (end = { took: Date.now() - began }),
    (error: unknown) => (end = { took: Date.now() - began, error }),
  );
  while (!end) {
    // Real requests go on between two steps of the clock.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    await jest.advanceTimersByTimeAsync(100);
  }
  return end;
}

const timedCall = async (clients: Aws, call: Call = calls.ecs) => timed(call(clients));

describe.each(['nothing', 'half'] as const)('a request that hangs after %s of its answer', (way) => {
  it('is given up within seconds and tried again', async () => {
    await open((request) => (request === 1 ? way : 200));
    const { took, error } = await timedCall(aws);
    expect(error).toBeUndefined();
    expect(requests).toBe(2);
    expect(took).toBeGreaterThan(9 * seconds);
    expect(took).toBeLessThan(13 * seconds);
  });

  it('fails in the end, after six attempts', async () => {
    await open(() => way);
    const { took, error } = await timedCall(aws);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(requests).toBe(6);
    expect(took).toBeLessThan(100 * seconds);
  });

  it('is sent once where it must not be sent twice', async () => {
    await open(() => way);
    const { error } = await timedCall(aws.once());
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(requests).toBe(1);
  });

  it.each(Object.entries(calls))('is given up by the client of %s', async (_, call) => {
    await open(() => way, {}, call);
    const { took, error } = await timedCall(aws.once(), call);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(requests).toBe(1);
    expect(took).toBeGreaterThan(9 * seconds);
    expect(took).toBeLessThan(12 * seconds);
  });

  it('has two seconds left when a signal comes', async () => {
    const interrupted = new AbortController();
    await open(
      () => {
        interrupted.abort();
        return way;
      },
      { interrupted: interrupted.signal },
    );
    const { took, error } = await timedCall(aws.once());
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(took).toBeGreaterThanOrEqual(2 * seconds);
    expect(took).toBeLessThan(3 * seconds);
  });

  it('ends at once with the reason of a signal that ends requests', async () => {
    const ending = new AbortController();
    const reason = new Error('interrupted');
    await open(
      () => {
        setImmediate(() => ending.abort(reason));
        return way;
      },
      { signal: ending.signal },
    );
    expect((await timedCall(aws)).error).toBe(reason);
    expect(requests).toBe(1);
  });
});

it('leaves no timer behind', async () => {
  await open(() => 200);
  await (await aws.ecs()).describeClusters({});
  // Those of the connection pool are the SDK's.
  const pending = jest.getTimerCount();
  await (await aws.ecs()).describeClusters({});
  expect(jest.getTimerCount()).toBe(pending);
});

it('waits a few seconds for a connection', async () => {
  await open(() => 200);
  const { requestHandler } = (await aws.ecs()).config as unknown as {
    requestHandler: { httpHandlerConfigs(): object };
  };
  expect(requestHandler.httpHandlerConfigs()).toMatchObject({ connectionTimeout: 4 * seconds });
});
