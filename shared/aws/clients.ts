import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { CodeDeploy } from '@aws-sdk/client-codedeploy';
import type { ECR } from '@aws-sdk/client-ecr';
import type { ECS } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { STS } from '@aws-sdk/client-sts';
import { type Backoff, pauseAfter } from '../backoff';
import type { Agents } from '../proxy/agents';
import { namesProxy } from '../proxy/find';
import { type Changes, nameTheCall } from './call';
import { reportSecrets } from './report-secrets';
import type { TimeLimits } from './time-limit';

/** The AWS clients of one region. Each loads when it is first asked for, and only then. */
export interface Aws {
  readonly region: string;
  ecs(): Promise<ECS>;
  ecr(): Promise<ECR>;
  codedeploy(): Promise<CodeDeploy>;
  elb(): Promise<ElasticLoadBalancingV2>;
  cloudwatch(): Promise<CloudWatch>;
  logs(): Promise<CloudWatchLogs>;
  sts(): Promise<STS>;
  /** The same clients that send each request once, for changes that must not be made twice. */
  once(): Aws;
  /** Whether a request that changes something has been sent. */
  changed(): boolean;
  /** Calls such as `ecs:StopTask` that failed although AWS may have done what they ask for, as an attempt had no answer. */
  unanswered(): readonly string[];
  /** Closes the connections. */
  close(): void;
}

export interface AwsOptions extends TimeLimits {
  readonly region: string;
  /** The profile that has the credentials. Default: what the SDK finds itself, AWS_PROFILE included. */
  readonly profile?: string;
  /** Attempts for each request, the first included. Default 6: about ten seconds of backoff with jitter. */
  readonly attempts?: number;
  /** Called with what must not be shown of the credentials that the SDK has found, such as those of a role. */
  readonly onSecret?: (secret: string) => void;
  /** Replaces HTTP; tests answer here. */
  readonly handler?: unknown;
}

/** A connection that is not made within this time is given up and tried again. */
const connectionTimeout = 4_000;

/** The SDK's own pauses are over in a second. */
const backoff: Backoff = { firstMs: 1_000, longestMs: 8_000 };

/** The SDK itself heeds no proxy. */
async function proxyAgents(): Promise<Agents | undefined> {
  if (!namesProxy(process.env)) return undefined;
  const { createAgents } = await import('../proxy/agents');
  return createAgents(process.env, { keepAlive: true, maxSockets: 50 });
}

/** The SDK, and the configuration of one of its clients. */
async function prepare({ region, profile, attempts = 6, handler }: AwsOptions) {
  const { sdk } = await import('./sdk');
  const { ConfiguredRetryStrategy } = await sdk.retry();
  const requestHandler = (handler ?? {
    connectionTimeout,
    ...(await proxyAgents()),
  }) as { connectionTimeout: number };
  const retryStrategy = new ConfiguredRetryStrategy(attempts, (made) => pauseAfter(made, backoff));
  const { NormalizedSchema } = await sdk.schema();
  return {
    sdk,
    shapes: (schema: never) => NormalizedSchema.of(schema),
    config: { region, retryStrategy, requestHandler, ...(profile !== undefined && { profile }) },
  };
}

type Ready = Awaited<ReturnType<typeof prepare>>;

/** Creates the clients. Nothing is loaded or sent yet. */
export function awsClients(options: AwsOptions, change: Changes = { sent: false, unanswered: new Set() }): Aws {
  const open: { destroy(): void }[] = [];
  const once = <C extends { destroy(): void }>(make: (ready: Ready) => Promise<C>) => {
    let client: Promise<C> | undefined;
    return () => {
      client ??= prepare(options).then(async (ready) => {
        const made = await make(ready);
        nameTheCall(made, options, { change, shapes: ready.shapes, readsAgain: options.attempts !== 1 });
        if (options.onSecret) reportSecrets(made, options.onSecret);
        open.push(made);
        return made;
      });
      return client;
    };
  };
  let single: Aws | undefined;
  prepareRuntime();
  return {
    region: options.region,
    ecs: once(async ({ sdk, config }) => new (await sdk.ecs()).ECS(config)),
    ecr: once(async ({ sdk, config }) => new (await sdk.ecr()).ECR(config)),
    codedeploy: once(async ({ sdk, config }) => new (await sdk.codedeploy()).CodeDeploy(config)),
    elb: once(async ({ sdk, config }) => new (await sdk.elb()).ElasticLoadBalancingV2(config)),
    cloudwatch: once(async ({ sdk, config }) => new (await sdk.cloudwatch()).CloudWatch(config)),
    logs: once(async ({ sdk, config }) => new (await sdk.logs()).CloudWatchLogs(config)),
    sts: once(async ({ sdk, config }) => new (await sdk.sts()).STS(config)),
    once() {
      single ??= awsClients({ ...options, attempts: 1 }, change);
      return single;
    },
    changed: () => change.sent,
    unanswered: () => [...change.unanswered],
    close: () => {
      for (const client of open) client.destroy();
      single?.close();
    },
  };
}

/**
 * Makes the runtime fit for the SDK: on Node 16 it needs `crypto.getRandomValues`, and its warning about the version of
 * Node is for those who bundle it, not for those who read the log of a deployment.
 */
function prepareRuntime(): void {
  // Required here, not imported: loading it takes as long as rendering a whole task definition, which calls no AWS.
  const crypto = require('node:crypto') as Pick<typeof import('node:crypto'), 'webcrypto'> & {
    getRandomValues?: unknown;
  };
  crypto.getRandomValues ??= crypto.webcrypto.getRandomValues.bind(crypto.webcrypto);
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
