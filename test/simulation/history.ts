import type { RunSpec, WorldSpec } from './spec';

/** What really happened in a simulated world. This is all that the oracle knows. Times are milliseconds of the clock of AWS. */
export interface History {
  readonly spec: WorldSpec;
  /** The revision that ran before the first run. */
  readonly seededRevision: string;
  readonly revisions: readonly RevisionFact[];
  readonly deployments: readonly DeploymentFact[];
  /** Which revision had how much of the production traffic from when on. */
  readonly traffic: readonly TrafficFact[];
  /** What each tag led to from when on. */
  readonly tags: readonly { readonly at: number; readonly image: string; readonly digest: string }[];
  /** Tasks of each revision from when on. */
  readonly tasks: readonly TasksFact[];
  /** The same of each deployment, by its `fleet`: two may deploy one revision. */
  readonly fleets: readonly FleetFact[];
  readonly oneOffs: readonly OneOffFact[];
  readonly runs: readonly RunFact[];
}

/** A task that belongs to no service. */
export interface OneOffFact {
  readonly arn: string;
  /** The run that started it. */
  readonly by: string;
  readonly revision: string;
  readonly createdAt: number;
  /** When its end began; undefined while it runs. */
  readonly stoppingAt: number | undefined;
  readonly stoppedAt: number | undefined;
  readonly exitCode: number | undefined;
}

export interface RevisionFact {
  readonly arn: string;
  readonly images: readonly string[];
  readonly at: number;
}

export type DeploymentState = 'active' | 'succeeded' | 'failed' | 'stopped' | 'rolling-back' | 'rolled-back';

export interface DeploymentFact {
  /** As the output `deployment-id` tells it. */
  readonly id: string;
  /** What it is called where a role may not see its id: under the ECS controller, the deployment of the service. */
  readonly alias: string | undefined;
  /** The run that created it; `others`, or `rollback` for one that CodeDeploy made by itself. */
  readonly by: string;
  readonly revision: string;
  /** The tasks that it started; undefined where it came to none. */
  readonly fleet: string | undefined;
  readonly createdAt: number;
  /** The image that its tasks were given; undefined where it came to none. */
  readonly digest: string | undefined;
  /** When its tasks were given it. */
  readonly resolvedAt: number | undefined;
  readonly states: readonly { readonly at: number; readonly state: DeploymentState; readonly word: string }[];
  /** The deployment that rolls this one back. */
  readonly rolledBackBy: string | undefined;
}

export interface TrafficFact {
  readonly at: number;
  /** Percent by revision. */
  readonly shares: Readonly<Record<string, number>>;
}

export interface TasksFact extends TaskCounts {
  readonly at: number;
  readonly revision: string;
}

export interface FleetFact extends TaskCounts {
  readonly at: number;
  readonly fleet: string;
}

export interface TaskCounts {
  readonly running: number;
  readonly healthy: number;
  /** Targets whose first health check is not over. */
  readonly initial: number;
}

export interface RunFact {
  readonly spec: RunSpec;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** All that was printed, each piece with its time. */
  readonly said: readonly { readonly at: number; readonly text: string }[];
  readonly report: string;
  readonly calls: readonly CallFact[];
  /** Signals that reached it. */
  readonly signals: readonly { readonly at: number; readonly name: string }[];
}

export interface CallFact {
  readonly at: number;
  /** Such as `ecs:UpdateService`. */
  readonly call: string;
  readonly mutating: boolean;
  /** The fault that it met; undefined where there was none. */
  readonly fault: string | undefined;
  /** When AWS carried it out; undefined where it never did, or refused it. */
  readonly doneAt: number | undefined;
  /** What it was about, where it names a deployment. */
  readonly deployment: string | undefined;
  /** Deployments and revisions that it made. */
  readonly made: readonly string[];
}
