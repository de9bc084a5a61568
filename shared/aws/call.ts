import type { NormalizedSchema } from '@smithy/core/schema';
import { whyUnusable } from './answer';
import { limitTime, type TimeLimits } from './time-limit';

/** Which call of AWS an error came from; the SDK's errors do not tell. */
export interface Call {
  /** The prefix of its permissions, such as `ecs`. */
  readonly service: string;
  /** Such as `DescribeServices`. */
  readonly operation: string;
}

/** The name of an error that says that an answer cannot be used. */
export const unusable = 'UnusableAnswer';

const calls = new WeakMap<object, Call>();

/** The call that an error came from; undefined for an error that no call caused. */
export function callOf(error: unknown): Call | undefined {
  return typeof error === 'object' && error !== null ? calls.get(error) : undefined;
}

/** Permission prefixes by the SDK's names of the services. */
const prefixes: Readonly<Record<string, string>> = {
  ECS: 'ecs',
  ECR: 'ecr',
  CodeDeploy: 'codedeploy',
  'Elastic Load Balancing v2': 'elasticloadbalancing',
  CloudWatch: 'cloudwatch',
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

/** What AWS has answered cannot be used, so that what it did, or what there is, is not known. */
class UnusableAnswer extends Error {
  override readonly name = unusable;
}

/** The error of an answer that lacks what its reader cannot do without. */
export function unusableAnswer(call: Call, why: string): Error {
  const error = new UnusableAnswer(why);
  calls.set(error, call);
  return error;
}

interface CallContext {
  readonly commandName?: string;
  /** The SDK's schema of the operation in its static form; that of its output is the sixth element. */
  readonly __smithy_context?: { readonly operationSchema?: readonly never[] };
}

/** What is known of the requests that change something. */
export interface Changes {
  /** Whether one has been sent. */
  sent: boolean;
  /** Calls such as `ecs:StopTask` that failed in the end, of which an earlier attempt had no answer: it may have been done. */
  readonly unanswered: Set<string>;
}

/** What a client notes, and how it reads the SDK's schemas. */
export interface Watching {
  readonly change: Changes;
  /** Whether a read is sent again whose answer cannot be read; the SDK itself tries again only where there is none. */
  readonly readsAgain: boolean;
  shapes(schema: never): NormalizedSchema;
}

/**
 * Adds to a client what the SDK leaves out: the name of the call on each error, the limits of its time, a look at whether
 * an answer can be used, and a note of whether a change has been asked for.
 */
export function nameTheCall(client: object, limits: TimeLimits, { change, shapes, readsAgain }: Watching): void {
  const { signal } = limits;
  const { middlewareStack, config } = client as { middlewareStack: Stack; config: Config };
  type Next = (args: unknown) => Promise<unknown>;
  const unanswered = new WeakSet<object>();
  const naming = (next: Next, context: CallContext) => async (args: unknown) => {
    const operation = (context.commandName ?? '').replace(/Command$/, '');
    const send = async () => {
      const job = againInTime(() => next(args));
      const answer = await (signal ? orAborted(job, signal) : job);
      const schema = context.__smithy_context?.operationSchema?.[5];
      const why = whyUnusable(operation, schema && shapes(schema), (answer as { output?: unknown }).output);
      if (why !== undefined) throw new UnusableAnswer(why);
      return answer;
    };
    try {
      return await (readsAgain && reading.test(operation) ? untilReadable(send) : send());
    } catch (error) {
      const service = prefixes[config.serviceId] ?? config.serviceId.toLowerCase();
      if (typeof error === 'object' && error !== null) calls.set(error, { service, operation });
      // Whoever sends a change once looks for what became of it.
      if (readsAgain && unanswered.has(context)) change.unanswered.add(`${service}:${operation}`);
      throw error;
    }
  };
  const noting = (next: Next, context: { commandName?: string }) => async (args: unknown) => {
    if (signal?.aborted) throw signal.reason;
    if (reading.test(context.commandName ?? '')) return next(args);
    change.sent = true;
    try {
      return await next(args);
    } catch (error) {
      if (!isRefused(error) && !isUnsent(error)) unanswered.add(context);
      throw error;
    }
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

/** Without a connection nothing was sent. */
const unconnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN']);

/** Whether a request has certainly not reached AWS. */
export const isUnsent = (error: unknown): boolean =>
  unconnected.has((error as { readonly code?: string } | undefined)?.code ?? '');

/** Whether AWS has said that it did not do what it was asked for. */
function isRefused(error: unknown): boolean {
  const status = (error as Answered | undefined)?.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}

interface Answered {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** How often a read is sent until its answer can be read. */
const mostReads = 3;

async function untilReadable(send: () => Promise<unknown>): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      // What came too late was asked for again already.
      const isLate = (error as Error)?.name === 'TimeoutError';
      if (attempt === mostReads || isLate || !isUnreadable(error)) throw error;
    }
  }
}

/** Whether an answer says that all is well, and is cut, from somebody else, or without what was asked for. */
export function isUnreadable(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as Answered;
  const status = $metadata?.httpStatusCode ?? 0;
  return name === unusable || (status >= 200 && status < 300);
}

/** The search for credentials heeds no signal, so a call is left when the signal comes. */
async function orAborted<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    // The SDK would take it for an answer that is late, and try again after pauses that heed no signal.
    if (signal.aborted) leave();
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
