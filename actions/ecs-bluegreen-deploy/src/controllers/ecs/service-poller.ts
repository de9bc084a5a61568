import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { unusableAnswer } from '../../../../../shared/aws/call';
import type { Aws } from '../../../../../shared/aws/clients';
import { isRefusal } from '../../../../../shared/aws/errors';
import { ActionError } from '../../../../../shared/errors';
import {
  findSuccessor,
  listSince,
  readBrief,
  readServiceDeployment,
  readServiceRevisions,
} from '../../aws/ecs-deployments';
import { isNotThere, readPresentService } from '../../aws/ecs-service';
import type { TaskQuery } from '../../aws/ecs-tasks';
import { areTargetsHealthy } from '../../aws/elb';
import { whyUnread } from '../../aws/reads';
import { type ListedServiceDeployment, unknownTime } from '../../plan/current-state';
import { createdApart, isAdvancing, isArn } from '../../plan/ecs-lifecycle';
import { begunBy } from '../../plan/ecs-plan';
import { CountedReads } from '../../watch/counted-reads';
import type { Poller, PollResult } from '../../watch/deployment-watch';
import { DiagnosticsPoller } from '../../watch/diagnostics-poller';
import type { WatchState } from '../../watch/model';
import { snapshotByRollout } from './rollout-snapshot';
import { type Context, onlyNewRun, type ServiceSnapshot, snapshotOf, targetGroupName } from './service-snapshot';

type State = WatchState<ServiceSnapshot>;

/** Polls a service deployment, or where the role may not, the rollout state of the service. */
export class ServicePoller implements Poller<ServiceSnapshot> {
  readonly #aws: Aws;
  readonly #reads: CountedReads;
  readonly #diagnostics: DiagnosticsPoller;
  #targetGroups: Context['targetGroups'] | undefined;
  #inBrief = false;
  /** The service deployment of one that is known by the service alone, once it is found. */
  #arn: string | undefined;
  #mayList = true;

  constructor(
    aws: Aws,
    readonly subject: Omit<TaskQuery, 'since'> & { readonly is: Service },
    readonly now: () => number,
    readonly say: (line: string) => void,
  ) {
    // A call that fails is made again with the next poll, so each is sent once.
    this.#aws = aws.once();
    this.#reads = new CountedReads(say);
    this.#diagnostics = new DiagnosticsPoller(this.#aws, subject, now);
  }

  async poll(state: State): Promise<PollResult<ServiceSnapshot>> {
    const reads = this.#reads.next();
    const arn = isArn(state.id) ? state.id : await this.#arnOf(state, reads);
    const snapshot = await (arn ? this.#byDeployment(arn, state, reads) : this.#byRollout(state, reads));
    const targetsHealthy = await this.#targetsHealthy(snapshot, state, reads);
    const all = await this.#withSuccessor(snapshot, reads);
    if (isAdvancing(snapshot.status)) await this.#diagnostics.poll(snapshot, reads);
    // Then only an event of the service says why a rollback was requested.
    else if (snapshot.rollback && !snapshot.reason) await this.#diagnostics.pollService(snapshot, reads);
    const { calls, trouble, lacksMilestone } = reads;
    const isComplete = !lacksMilestone;
    const { id } = state;
    return { snapshot: { ...all, ...this.#diagnostics.last, id, targetsHealthy }, calls, trouble, isComplete };
  }

  /**
   * The service does not show that somebody has stopped its deployment without a rollback, only the service deployment does. ECS may not
   * have answered the first search, so each poll searches until it is found.
   */
  async #arnOf({ last, createdAt: started }: State, reads: CountedReads): Promise<string | undefined> {
    if (this.#arn !== undefined || !this.#mayList || started === unknownTime) return this.#arn;
    const createdAt = last?.createdAt || started;
    await reads.milestone('The service deployment', 2, async () => {
      const listed = await this.#listSince(createdAt - createdApart);
      this.#arn = begunBy(listed, this.subject.revision, createdAt)?.id;
    });
    return this.#arn;
  }

  async #listSince(time: number): Promise<ListedServiceDeployment[]> {
    try {
      return await listSince(this.#aws, this.subject, time);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // The plan has said so.
      this.#mayList = false;
      return [];
    }
  }

  async #byDeployment(arn: string, { last }: State, reads: CountedReads): Promise<ServiceSnapshot> {
    const deployment = await this.#deployment(arn, reads);
    const targetGroups = await this.#groupsOf(deployment, reads);
    const snapshot = snapshotOf(deployment, { last, now: this.now(), targetGroups });
    return { ...snapshot, isBrief: this.#inBrief };
  }

  /** In brief, without stages and traffic, where the role may list service deployments only. */
  async #deployment(id: string, reads: CountedReads): Promise<ServiceDeployment> {
    try {
      if (!this.#inBrief) return await reads.needed(1, () => readServiceDeployment(this.#aws, id));
    } catch (error) {
      // ECS does not know it: nothing says so better than a service that was deleted.
      if (error instanceof ActionError || isNotThere(error))
        await reads.needed(1, () => readPresentService(this.#aws, this.subject));
      if (!isRefusal(error)) throw error;
      this.say(`Stages, tasks and traffic cannot be shown: ${whyUnread(error)}`);
      this.#inBrief = true;
    }
    return reads.needed(1, () => readBrief(this.#aws, this.subject, id));
  }

  async #byRollout({ id, last, createdAt }: State, reads: CountedReads): Promise<ServiceSnapshot> {
    const service = await reads.needed(1, () => readPresentService(this.#aws, this.subject));
    if (!service.deployments) {
      throw unusableAnswer({ service: 'ecs', operation: 'DescribeServices' }, 'the service has no deployments');
    }
    return snapshotByRollout(service, id, last ?? { createdAt });
  }

  /** The target groups of both colours, which a service revision names once it is resolved; read once. */
  async #groupsOf(
    { targetServiceRevision: target, sourceServiceRevisions: sources = [] }: ServiceDeployment,
    reads: CountedReads,
  ) {
    const arns = [target?.arn, sources[0]?.arn].flatMap((arn) => arn ?? []);
    if (arns.length === 0) return this.#unresolved();
    this.#targetGroups ??= await reads.optional('Names of the target groups', 1, async () => {
      const revisions = await readServiceRevisions(this.#aws, arns);
      const groupOf = (arn: string | undefined) =>
        targetGroupName(
          revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn)?.resolvedConfiguration
            ?.loadBalancers?.[0]?.targetGroupArn,
        );
      return { blue: groupOf(sources[0]?.arn), green: groupOf(target?.arn) };
    });
    return this.#targetGroups ?? this.#unresolved();
  }

  #unresolved(): Context['targetGroups'] {
    const name = targetGroupName(this.subject.is.loadBalancers?.[0]?.targetGroupArn);
    return { blue: name, green: name };
  }

  /** Read only where the milestone depends on it. */
  async #targetsHealthy(
    snapshot: ServiceSnapshot,
    { until }: State,
    reads: CountedReads,
  ): Promise<boolean | undefined> {
    if (until !== 'traffic-shifted' || !isAdvancing(snapshot.status) || !onlyNewRun(snapshot)) return undefined;
    const groups = (this.subject.is.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
    // Without a load balancer only ECS knows when a task that runs counts as healthy.
    if (groups.length === 0) return undefined;
    const read = () => areTargetsHealthy(this.#aws, groups, snapshot.green!.desired);
    return reads.milestone('Whether the targets are healthy', groups.length, read);
  }

  async #withSuccessor(snapshot: ServiceSnapshot, reads: CountedReads): Promise<ServiceSnapshot> {
    if (snapshot.status !== 'STOPPED' || snapshot.successor) return snapshot;
    const id = await reads.needed(2, () => findSuccessor(this.#aws, this.subject, snapshot));
    return { ...snapshot, successor: { id } };
  }
}
