import { limitTime, type TimeLimits } from './time-limit';

/** Which call of AWS an error came from; the SDK's errors do not tell. */
export interface Call {
  /** The prefix of its permissions, such as `ecs`. */
  readonly service: string;
  /** Such as `DescribeServices`. */
  readonly operation: string;
}

const calls = new WeakMap<object, Call>();

/** The call that an error came from; undefined where it is no error of a call. */
export function callOf(error: unknown): Call | undefined {
  return typeof error === 'object' && error !== null ? calls.get(error) : undefined;
}

/** Permission prefixes by the SDK's names of the services. */
const prefixes: Readonly<Record<string, string>> = {
  ECS: 'ecs',
  ECR: 'ecr',
  CodeDeploy: 'codedeploy',
  'Elastic Load Balancing v2': 'elasticloadbalancing',
  'CloudWatch Logs': 'logs',
  STS: 'sts',
};

/** Operations that only read. GetAuthorizationToken creates a token, which changes no resource. */
const reading = /^(Describe|List|Get|BatchGet|BatchCheck)/;

interface Stack {
  add(
    middleware: unknown,
    options: { step: 'initialize' | 'finalizeRequest'; name: string; priority?: 'low' | 'high' },
  ): void;
}

/**
 * Adds to a client what the SDK leaves out: the name of the call on each error, the limits of its time, and a note of
 * whether a change has been asked for.
 */
export function nameTheCall(client: object, limits: TimeLimits, change: { sent: boolean }): void {
  const { signal } = limits;
  const { middlewareStack, config } = client as { middlewareStack: Stack; config: Config };
  type Next = (args: unknown) => Promise<unknown>;
  const naming = (next: Next, context: { commandName?: string }) => async (args: unknown) => {
    const operation = (context.commandName ?? '').replace(/Command$/, '');
    try {
      const answer = againInTime(() => next(args));
      return await (signal ? orAborted(answer, signal) : answer);
    } catch (error) {
      const service = prefixes[config.serviceId] ?? config.serviceId.toLowerCase();
      if (typeof error === 'object' && error !== null) calls.set(error, { service, operation });
      throw error;
    }
  };
  const noting = (next: Next, context: { commandName?: string }) => async (args: unknown) => {
    if (signal?.aborted) throw signal.reason;
    if (!reading.test(context.commandName ?? '')) change.sent = true;
    return next(args);
  };
  middlewareStack.add(naming, { step: 'initialize', name: 'nameTheCall', priority: 'high' });
  // Here credentials and endpoint are known: what fails before it has sent nothing.
  middlewareStack.add(noting, { step: 'finalizeRequest', name: 'noteTheChange', priority: 'low' });
  limitTime(config.requestHandler, limits);
}

/**
 * AWS refuses a request whose time is wrong, and does nothing. From its answer the SDK learns the right time for the next
 * request, which clients that send each request once would never make.
 */
async function againInTime(send: () => Promise<unknown>): Promise<unknown> {
  try {
    return await send();
  } catch (error) {
    const { $metadata } = (error ?? {}) as { $metadata?: { clockSkewCorrected?: boolean } };
    if ($metadata?.clockSkewCorrected !== true) throw error;
    return send();
  }
}

/** The search for credentials heeds no signal, so a call is left when the signal comes. */
async function orAborted<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([job, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

interface Config {
  readonly serviceId: string;
  requestHandler: Parameters<typeof limitTime>[0];
}
