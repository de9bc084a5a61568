import type { ComputeEvent, Seeded } from '../../local/aws/compute';
import type { Fleet } from '../../local/aws/compute/state';
import type { EmbeddedAws } from '../../local/aws/embedded';
import type {
  DeploymentFact,
  DeploymentState,
  FleetFact,
  History,
  OneOffFact,
  RevisionFact,
  TaskCounts,
  TasksFact,
  TrafficFact,
} from '../history';
import { imageOf } from '../oracle/images';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Writes down what happens in an embedded AWS, for the oracle. */
export class Chronicle {
  readonly traffic: TrafficFact[] = [];
  readonly tags: History['tags'][number][] = [];
  readonly tasks: TasksFact[] = [];
  readonly fleets: FleetFact[] = [];
  readonly #states = new Map<string, DeploymentFact['states'][number][]>();
  readonly #known = new Map<string, TaskState>();
  /** By revisions and by fleets. */
  readonly #counts = { revisions: new Map<string, Draft<TaskCounts>>(), fleets: new Map<string, Draft<TaskCounts>>() };
  readonly #makers = new Map<string, string>();

  constructor(
    readonly aws: EmbeddedAws,
    readonly seeded: Seeded,
  ) {
    for (const { arn } of aws.compute.state.tasks) this.#takeIn(arn);
    this.#noteTraffic();
    this.noteTags();
    aws.compute.onEvent((event) => this.#see(event));
  }

  /** Ids of all deployments and revisions so far. */
  made(): string[] {
    const { state } = this.aws.compute;
    return [
      ...state.taskDefinitions.map(({ definition }) => definition.taskDefinitionArn ?? ''),
      ...state.deployments.map(({ id }) => id),
      ...this.#service().serviceDeployments.map(({ arn }) => arn),
      ...this.#oneOffs().map(({ arn }) => arn),
    ];
  }

  #oneOffs = () => this.aws.compute.state.tasks.filter(({ oneOff }) => oneOff !== undefined);

  oneOffs(): OneOffFact[] {
    return this.#oneOffs().map((task) => ({
      arn: task.arn,
      by: this.#makerOf(task.arn),
      revision: task.definition.taskDefinitionArn ?? '',
      createdAt: task.createdAt.getTime(),
      stoppingAt: task.stoppingAt?.getTime() ?? task.stoppedAt?.getTime(),
      stoppedAt: task.stoppedAt?.getTime(),
      exitCode: task.containers[0]?.exitCode,
    }));
  }

  /** Somebody may have pushed images. */
  noteTags(): void {
    for (const image of Object.values(imageOf)) {
      const digest = this.aws.ecr.digestOfImage(image) ?? '';
      this.tags.push({ at: this.aws.clock.now(), image, digest });
    }
  }

  /** Whoever made these. */
  credit(ids: readonly string[], maker: string): void {
    for (const id of ids) if (!this.#makers.has(id)) this.#makers.set(id, maker);
  }

  revisions(): RevisionFact[] {
    return this.aws.compute.state.taskDefinitions.map(({ definition }) => ({
      arn: definition.taskDefinitionArn ?? '',
      images: (definition.containerDefinitions ?? []).map(({ image }) => image ?? ''),
      at: definition.registeredAt?.getTime() ?? 0,
    }));
  }

  deployments(): DeploymentFact[] {
    const byCodeDeploy = this.aws.compute.state.deployments.map((one) => ({
      id: one.id,
      alias: undefined,
      by: one.creator === 'codeDeployRollback' ? 'rollback' : this.#makerOf(one.id),
      revision: one.appSpec.taskDefinition,
      fleet: one.green?.id,
      createdAt: one.createTime.getTime(),
      digest: digestOf(one.green),
      resolvedAt: one.green?.createdAt.getTime(),
      states: this.#states.get(one.id) ?? [],
      rolledBackBy: one.rollbackInfo?.rollbackDeploymentId,
    }));
    // The first one was seeded: it belongs to nobody.
    const byEcs = this.#service()
      .serviceDeployments.slice(0, -1)
      .map((one) => ({
        id: one.arn,
        alias: one.target.fleet.id,
        by: this.#makerOf(one.arn),
        revision: one.target.revision.taskDefinition,
        fleet: one.target.fleet.id,
        createdAt: one.createdAt.getTime(),
        digest: digestOf(one.target.fleet),
        resolvedAt: one.target.fleet.createdAt.getTime(),
        states: this.#states.get(one.arn) ?? [],
        rolledBackBy: undefined,
      }));
    return [...byCodeDeploy, ...byEcs.reverse()];
  }

  #makerOf = (id: string) => this.#makers.get(id) ?? 'others';

  #service = () => this.aws.compute.state.services.get(this.seeded.serviceArn)!;

  #see(event: ComputeEvent): void {
    if (event.type === 'deployment') this.#noteState(event.id, event.at, event.status);
    else if (event.type === 'traffic') this.#noteTraffic();
    else if (event.type !== 'lifecycle') this.#takeIn(event.taskArn);
  }

  #noteState(id: string, at: number, word: string): void {
    const states = this.#states.get(id) ?? [];
    this.#states.set(id, [...states, { at, state: stateOf[word] ?? 'active', word }]);
  }

  /** By the target groups that the listener forwards to; a service without two of them has but one revision that counts. */
  #noteTraffic(): void {
    if (this.#isRolling()) {
      this.#noteShares();
      return;
    }
    const shares: Record<string, number> = {};
    for (const { targetGroupArn, weight } of this.aws.compute.traffic(this.seeded.productionListenerArn)) {
      const fleets = this.#service().fleets.filter(
        (one) => one.targetGroupArn === targetGroupArn && one.status !== 'DRAINING',
      );
      const revision = fleets[0]?.definition.taskDefinitionArn ?? 'nothing';
      shares[revision] = (shares[revision] ?? 0) + weight;
    }
    this.traffic.push({ at: this.aws.clock.now(), shares });
  }

  #takeIn(arn: string): void {
    const task = this.aws.compute.state.tasks.find((one) => one.arn === arn);
    if (!task || task.oneOff) return;
    const revision = task.definition.taskDefinitionArn ?? '';
    const now = { running: task.lastStatus === 'RUNNING', health: task.target?.state ?? 'unused' };
    const before = this.#known.get(arn);
    if (before && before.running === now.running && before.health === now.health) return;
    this.#known.set(arn, now);
    const at = this.aws.clock.now();
    this.tasks.push({ at, revision, ...recount(this.#counts.revisions, revision, [before, now]) });
    this.fleets.push({ at, fleet: task.fleet.id, ...recount(this.#counts.fleets, task.fleet.id, [before, now]) });
    if (this.#isRolling()) this.#noteShares();
  }

  #isRolling(): boolean {
    const { controller, deploymentConfiguration } = this.#service();
    return controller === 'ECS' && (deploymentConfiguration.strategy ?? 'ROLLING') === 'ROLLING';
  }

  /** Where all tasks stand behind one target group, the healthy ones divide the traffic. */
  #noteShares(): void {
    const counts = [...this.#counts.revisions].filter(([, { healthy }]) => healthy > 0);
    const all = counts.reduce((sum, [, { healthy }]) => sum + healthy, 0);
    const shares = Object.fromEntries(counts.map(([revision, { healthy }]) => [revision, (100 * healthy) / all]));
    this.traffic.push({ at: this.aws.clock.now(), shares });
  }
}

interface TaskState {
  readonly running: boolean;
  readonly health: string;
}

/** The tasks of a revision, or of a fleet, after one of them has changed. */
function recount(
  all: Map<string, Draft<TaskCounts>>,
  name: string,
  [before, now]: readonly [TaskState | undefined, TaskState],
): TaskCounts {
  const counts = all.get(name) ?? { running: 0, healthy: 0, initial: 0 };
  for (const [one, sign] of [
    [before, -1],
    [now, 1],
  ] as const) {
    if (!one?.running) continue;
    counts.running += sign;
    if (one.health === 'healthy') counts.healthy += sign;
    if (one.health === 'initial') counts.initial += sign;
  }
  all.set(name, counts);
  return { ...counts };
}

const digestOf = (fleet: Fleet | undefined): string | undefined => fleet && [...fleet.imageDigests.values()][0];

/** What the words of both controllers mean. */
const stateOf: Readonly<Record<string, DeploymentState>> = {
  Succeeded: 'succeeded',
  Failed: 'failed',
  Stopped: 'stopped',
  SUCCESSFUL: 'succeeded',
  STOPPED: 'stopped',
  STOP_REQUESTED: 'rolling-back',
  ROLLBACK_REQUESTED: 'rolling-back',
  ROLLBACK_IN_PROGRESS: 'rolling-back',
  ROLLBACK_SUCCESSFUL: 'rolled-back',
  ROLLBACK_FAILED: 'failed',
};
