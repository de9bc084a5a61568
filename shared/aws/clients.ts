import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { CodeDeploy } from '@aws-sdk/client-codedeploy';
import type { ECR } from '@aws-sdk/client-ecr';
import type { ECS } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { STS } from '@aws-sdk/client-sts';
import { nameTheCall } from './call';
import { prepareRuntime } from './runtime';

/** The AWS clients of one region. Each loads when it is first asked for, and only then. */
export interface Aws {
  readonly region: string;
  ecs(): Promise<ECS>;
  ecr(): Promise<ECR>;
  codedeploy(): Promise<CodeDeploy>;
  elb(): Promise<ElasticLoadBalancingV2>;
  logs(): Promise<CloudWatchLogs>;
  sts(): Promise<STS>;
  /** The same clients that send each request once, for changes that must not be made twice. */
  once(): Aws;
  /** Whether a request that changes something has been sent. */
  changed(): boolean;
  /** Closes the connections. */
  close(): void;
}

export interface AwsOptions {
  readonly region: string;
  /** Ends every request when it is aborted. */
  readonly signal?: AbortSignal;
  /** Attempts for each request, the first included. Default 6: about ten seconds of backoff with jitter. */
  readonly attempts?: number;
  /** Replaces HTTP; tests answer here. */
  readonly handler?: unknown;
}

/** A connection that is not there within this time is given up and tried again. */
const connectionTimeout = 4_000;
/** A request without an answer within this time is given up and tried again. */
const requestTimeout = 10_000;

const loadSdk = async () => (await import('./sdk')).sdk;

/** Creates the clients. Nothing is loaded or sent yet. */
export function awsClients(options: AwsOptions, change = { sent: false }): Aws {
  const open: { destroy(): void }[] = [];
  const config = {
    region: options.region,
    maxAttempts: options.attempts ?? 6,
    requestHandler: (options.handler ?? {
      connectionTimeout,
      requestTimeout,
      throwOnRequestTimeout: true,
    }) as { requestTimeout: number },
  };
  const once = <C extends { destroy(): void }>(make: () => Promise<C>) => {
    let client: Promise<C> | undefined;
    return () => {
      client ??= make().then((made) => {
        nameTheCall(made, options.signal, change);
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
    ecs: once(async () => new (await (await loadSdk()).ecs()).ECS(config)),
    ecr: once(async () => new (await (await loadSdk()).ecr()).ECR(config)),
    codedeploy: once(async () => new (await (await loadSdk()).codedeploy()).CodeDeploy(config)),
    elb: once(async () => new (await (await loadSdk()).elb()).ElasticLoadBalancingV2(config)),
    logs: once(async () => new (await (await loadSdk()).logs()).CloudWatchLogs(config)),
    sts: once(async () => new (await (await loadSdk()).sts()).STS(config)),
    once() {
      single ??= awsClients({ ...options, attempts: 1 }, change);
      return single;
    },
    changed: () => change.sent,
    close: () => {
      for (const client of open) client.destroy();
      single?.close();
    },
  };
}
