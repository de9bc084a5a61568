import { adjustService } from '../aws/adjust-service';
import { readGroup } from '../aws/codedeploy-groups';
import { readService } from '../aws/ecs-service';
import type { Effects } from '../aws/effects';
import { foundIn } from '../aws/reads';
import { registerRevision } from '../aws/register-revision';
import { alongPath } from '../controllers/controllers';
import { seenAgain, withTimeLeft } from '../plan/plan';
import { formatMinutes } from '../plan/traffic';
import { formatDuration, tell } from '../report/event-lines';
import { shortId } from '../text';
import type { Path } from '../watch/controller';
import { type Delivery, type DeliveryEnd, hintsOf } from '../watch/deployment-run';
import { explain } from '../watch/diagnose';
import type { Looker } from '../watch/looker';
import type { Seen, TasksSeen } from '../watch/snapshot';
import { clearTheWay } from '../watch/wait-for-active';
import { watch } from '../watch/watch-deployment';
import { type Next, type State, watchEnd, watchFrom, watchRollback } from '../watch/watch-state';

/** Carries out a plan, filling in the delivery as it goes. The answer is how it ended. */
export async function deliver(delivery: Delivery, effects: Effects): Promise<DeliveryEnd> {
  await prepare(delivery, effects);
  const { plan } = delivery;
  if (plan.unchanged) {
    await adjustService(plan, effects);
    return { status: 'UNCHANGED' };
  }
  return alongPath(plan, effects, async (path): Promise<DeliveryEnd> => {
    await start(delivery, path, effects);
    return delivery.plan.wait.until === 'none'
      ? { status: 'IN_PROGRESS', reached: 'none' }
      : follow(delivery, path, effects);
  });
}

/** Waits for its turn where another deployment is active, and sees that there is something to do. */
async function prepare(delivery: Delivery, effects: Effects): Promise<void> {
  const { plan, deadline } = delivery;
  const { active, request } = plan;
  if (active.own.length === 0 && active.others.length > 0) {
    const { way } = alongPath(plan, effects, (path) => ({ way: path.way }));
    await clearTheWay(way, active.others, { request, deadline }, effects);
    const service = foundIn(await readService(effects.aws, request));
    const group = plan.controller === 'CODE_DEPLOY' ? foundIn(await readGroup(effects.aws, plan.group)) : undefined;
    if (service) delivery.plan = seenAgain(plan, service, group);
  }
  const { revision, unchanged } = delivery.plan;
  if (unchanged && revision.kind === 'deploy') delivery.arn = revision.arn;
}

/** Registers and creates what is needed. */
async function start<O extends Seen>(delivery: Delivery, path: Path<O>, effects: Effects): Promise<void> {
  if (effects.signal.aborted) throw effects.signal.reason;
  delivery.arn = await registerRevision(delivery.plan.revision, effects);
  if (effects.signal.aborted) throw effects.signal.reason;
  delivery.deployment = await path.start(delivery.arn, delivery.deadline);
  const before = delivery.plan.wait;
  delivery.plan = withTimeLeft(delivery.plan, (delivery.deadline - effects.clock.now()) / 60_000);
  const { until, why } = delivery.plan.wait;
  if (until !== before.until) effects.log.info(`Waits until ${until} now (${why})`);
}

/** A rollback after a time-out is followed for this many milliseconds, within what CodeCatalyst allows an action. */
const rollbackGrace = 4 * 60_000;

/** Watches the deployment to its end; after a time-out, its rollback where one is wanted. */
async function follow<O extends Seen>(delivery: Delivery, path: Path<O>, effects: Effects): Promise<DeliveryEnd> {
  const { plan, deadline, deployment, startedAt } = delivery;
  const { clock, log } = effects;
  const { until } = plan.wait;
  const id = deployment!.id;
  const say = (text: string) => log.info(`${elapsed(clock.now() - startedAt)} ${text}`);
  const watcher: Watcher<O> = { delivery, looker: path.looker(delivery.arn!, say), next: path.next, say };
  log.info(`Watching ${shortId(id)} until ${until}, at most ${formatMinutes((deadline - clock.now()) / 60_000)}`);
  const state = await watchAndTell(watchFrom(id, until, deadline, clock.now()), watcher, effects);
  if (state.end?.status !== 'TIMED_OUT') return state.end!;
  const cause = `it was not finished after ${formatDuration(clock.now() - startedAt)}`;
  log.info(`Time is up: ${cause}`);
  await explain(delivery, effects);
  const wantsRollback = plan.request.inputs['rollback-on']?.includes('timeout') ?? false;
  // With all its tasks it may serve already, and only the end of its bake time be missing.
  const isUnseen = until !== 'completed' && state.last?.isBrief === true && runsWhole(state.last.green);
  if (wantsRollback && isUnseen) log.warn(`Not rolled back: it may have reached ${until}, which the role may not see`);
  const stopping = wantsRollback && !isUnseen ? await path.rollBack(id) : 'failed';
  if (stopping === 'failed') return state.end;
  const grace = clock.now() + rollbackGrace;
  const further = stopping === 'stopped' ? watchRollback(state, cause, grace) : watchEnd(state, grace);
  return (await watchAndTell(further, watcher, effects)).end!;
}

const runsWhole = (tasks: TasksSeen | undefined) => tasks === undefined || tasks.running >= tasks.desired;

interface Watcher<O extends Seen> {
  readonly delivery: Delivery;
  readonly looker: Looker<O>;
  readonly next: Next<O>;
  readonly say: (text: string) => void;
}

/** Watches until the state ends. What failed is explained as soon as it is seen, before its rollback is waited for. */
async function watchAndTell<O extends Seen>(
  from: State<O>,
  { delivery, looker, next, say }: Watcher<O>,
  effects: Effects,
): Promise<State<O>> {
  const { clock, signal } = effects;
  const interval = delivery.plan.request.inputs['poll-interval-seconds'] * 1_000;
  let state = from;
  delivery.state = state;
  for await (const step of watch(from, { looker, next, clock, signal, interval, tell: say })) {
    state = step.state;
    delivery.state = state;
    delivery.steps.push(step);
    for (const event of step.events) {
      for (const line of tell(event, hintsOf(delivery))) say(line);
      if (event.type === 'failed') await explain(delivery, effects);
    }
  }
  return state;
}

/** Minutes and seconds since the start, for the beginning of a line. */
function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `+${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`.padStart(7);
}
