import type { RecordedCall } from './calls';
import { SimulationClock } from './clock';
import { type Compute, type ComputeOptions, createCompute } from './compute';
import { createControl } from './control';
import { createEcr } from './ecr/service';
import { EcrState } from './ecr/state';
import { Faults } from './faults';
import { createHandler, type SdkHandler } from './handler';
import { CallMoments } from './moments';
import type { Backend } from './protocol/dispatch';
import { createRegistry } from './registry/registry';
import { type RunningServer, startServer } from './server';
import { createSts } from './sts';

export interface EmbeddedAwsOptions {
  readonly clock?: SimulationClock;
  /** Default 123456789012. */
  readonly account?: string;
  /** Default us-west-2. */
  readonly region?: string;
  /** How tasks run, and how long things take. */
  readonly compute?: Pick<ComputeOptions, 'runtime' | 'timing'>;
}

/** Where an embedded AWS listens. */
export interface Endpoint {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** `127.0.0.1:PORT`, the host of the image registry. */
  readonly registryHost: string;
  /** What a process needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** An AWS of one account and region in this process: for the SDK's clients in it, and over HTTP for everybody else. */
export interface EmbeddedAws {
  readonly clock: SimulationClock;
  readonly account: string;
  readonly region: string;
  readonly ecr: EcrState;
  readonly compute: Compute;
  readonly faults: Faults;
  /** What is to happen at a call, such as a signal. */
  readonly moments: CallMoments;
  /** Every call so far, in the order of their answers. */
  readonly calls: readonly RecordedCall[];
  /** The calls that asked for a change. */
  mutations(): readonly RecordedCall[];
  /** For clients in this process: `new ECS({ requestHandler: aws.handler, … })`. */
  readonly handler: SdkHandler;
  /** Serves AWS, the image registry and the control interface on loopback. `names` are hosts that lead to it by a proxy. */
  listen(port?: number, names?: readonly string[]): Promise<Endpoint>;
  /** Stops everything and removes the blobs. */
  close(): Promise<void>;
}

export function createEmbeddedAws(options: EmbeddedAwsOptions = {}): EmbeddedAws {
  const { clock = new SimulationClock(), account = '123456789012', region = 'us-west-2' } = options;
  const place = { clock, account, region };
  const ecr = new EcrState(place);
  const compute = createCompute({
    ...place,
    ...options.compute,
    imageExists: (image) => ecr.imageExists(image),
    imageDigest: (image) => ecr.digestOfImage(image),
  });
  const calls: RecordedCall[] = [];
  const services = [createSts(place), createEcr(ecr), ...compute.services];
  const backend: Backend = {
    ...place,
    services,
    faults: new Faults(),
    moments: new CallMoments(),
    record: (call) => calls.push(call),
  };
  const servers: RunningServer[] = [];
  const close = async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    await compute.close();
    ecr.blobs.close();
  };
  return {
    ...place,
    ecr,
    compute,
    calls,
    faults: backend.faults,
    moments: backend.moments,
    mutations: () => calls.filter(({ mutating }) => mutating),
    handler: createHandler(backend),
    async listen(port = 0, names = []) {
      const parts = [createControl({ clock, calls, faults: backend.faults }), createRegistry(ecr, backend)];
      const server = await startServer(backend, parts, port, names);
      servers.push(server);
      ecr.registryHost = `127.0.0.1:${server.port}`;
      return endpointAt(server.port, region, close);
    },
    close,
  };
}

function endpointAt(port: number, region: string, close: () => Promise<void>): Endpoint {
  const registryHost = `127.0.0.1:${port}`;
  const endpoint = `http://${registryHost}`;
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIDEMBEDDED',
    AWS_SECRET_ACCESS_KEY: 'embedded',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return { endpoint, registryHost, env, close };
}
