import { Looker } from './codedeploy/look';
import { clearTheWay } from './codedeploy/others';
import { startDeployment } from './codedeploy/start';
import { type State, watchFrom, watchRollback } from './codedeploy/state';
import { tryToRollBack } from './codedeploy/stop';
import { formatDuration, tell } from './codedeploy/tell';
import { watch } from './codedeploy/watch';
import { type Delivery, type DeliveryEnd, hintsOf } from './delivery';
import type { Effects } from './effects';
import { explain } from './explain/explain';
import { foundIn } from './observe/look';
import { readService } from './observe/service';
import { appSpecFor, seenAgain } from './plan/plan';
import { formatMinutes } from './plan/waits';
import { registerRevision } from './revision/register';

/** Carries out a plan, filling in the delivery as it goes. The answer is how it ended. */
export async function deliver(delivery: Delivery, effects: Effects): Promise<DeliveryEnd> {
  await prepare(delivery, effects);
  if (delivery.plan.unchanged) return { status: 'UNCHANGED' };
  await start(delivery, effects);
  const { until } = delivery.plan.wait;
  if (until === 'none') return { status: 'IN_PROGRESS', reached: 'none' };
  return follow(delivery, effects);
}

/** Waits for its turn where another deployment is active, and sees that there is something to do. */
async function prepare(delivery: Delivery, effects: Effects): Promise<void> {
  const { active } = delivery.plan;
  if (active.own.length === 0 && active.others.length > 0) {
    await clearTheWay(delivery.plan, active.others, delivery.deadline, effects);
    const service = foundIn(await readService(effects.aws, delivery.plan.request));
    if (service) delivery.plan = seenAgain(delivery.plan, service);
  }
  const { revision, unchanged } = delivery.plan;
  if (unchanged && revision.kind === 'deploy') delivery.arn = revision.arn;
}

/** Registers and creates what is needed. */
async function start(delivery: Delivery, effects: Effects): Promise<void> {
  const { plan, deadline } = delivery;
  if (effects.signal.aborted) throw effects.signal.reason;
  delivery.arn = await registerRevision(plan.revision, effects);
  if (effects.signal.aborted) throw effects.signal.reason;
  const content = appSpecFor(plan.appSpec, plan.service, delivery.arn);
  delivery.deployment = await startDeployment(plan, content, deadline, effects);
}

/** A rollback after a time-out is followed for this many milliseconds, within what CodeCatalyst allows an action. */
const rollbackGrace = 4 * 60_000;

/** Watches the deployment to its end; after a time-out, its rollback where one is wanted. */
async function follow(delivery: Delivery, effects: Effects): Promise<DeliveryEnd> {
  const { plan, deadline, deployment, startedAt } = delivery;
  const { clock, log } = effects;
  const { until } = plan.wait;
  const id = deployment!.id;
  const say = (text: string) => log.info(`${elapsed(clock.now() - startedAt)} ${text}`);
  const subject = { ...plan.request, group: plan.group, revision: delivery.arn! };
  const looker = new Looker(effects.aws, subject, () => clock.now(), say);
  log.info(`Watching ${id} until ${until}, at most ${formatMinutes((deadline - clock.now()) / 60_000)}`);
  const state = await watchAndTell(watchFrom(id, until, deadline, clock.now()), { delivery, looker, say }, effects);
  if (state.end?.status !== 'TIMED_OUT') return state.end!;
  const cause = `it was not finished after ${formatDuration(clock.now() - startedAt)}`;
  log.info(`Time is up: ${cause}`);
  await explain(delivery, effects);
  const wantsRollback = plan.request.inputs['rollback-on']?.includes('timeout') ?? false;
  if (!wantsRollback || !(await tryToRollBack(id, effects))) return state.end;
  const rolling = watchRollback(state, cause, clock.now() + rollbackGrace);
  return (await watchAndTell(rolling, { delivery, looker, say }, effects)).end!;
}

interface Watcher {
  readonly delivery: Delivery;
  readonly looker: Looker;
  readonly say: (text: string) => void;
}

/** Watches until the state ends. What failed is explained as soon as it is seen, before its rollback is waited for. */
async function watchAndTell(from: State, { delivery, looker, say }: Watcher, effects: Effects): Promise<State> {
  const { clock, signal } = effects;
  const interval = delivery.plan.request.inputs['poll-interval-seconds'] * 1_000;
  delivery.state = from;
  for await (const step of watch(from, { looker, clock, signal, interval, tell: say })) {
    delivery.state = step.state;
    delivery.steps.push(step);
    for (const event of step.events) {
      for (const line of tell(event, hintsOf(delivery))) say(line);
      if (event.type === 'failed') await explain(delivery, effects);
    }
  }
  return delivery.state;
}

/** Minutes and seconds since the start, for the beginning of a line. */
function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `+${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`.padStart(7);
}
