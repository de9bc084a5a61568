import type { PaintedLine } from '../../../../shared/paint';
import { showDiff } from '../../../../shared/task-definition/diff';
import type { AppSpecPlan } from '../plan/codedeploy-checks';
import { type Plan, summariseChanges } from '../plan/plan';
import type { RevisionPlan } from '../plan/plan-revision';
import { expectedMinutes, type TrafficPlan } from '../plan/traffic';
import { formatMinutes, oneName, shortId } from '../text';

/** The plan in lines. */
export function showPlan(plan: Plan): PaintedLine[] {
  if (plan.revision.kind === 'none') return showRollback(plan).map((text) => ({ text }));
  const { request, previous, revision, changes, wait } = plan;
  const diff = changes && changes.length > 0 ? showDiff(changes) : [];
  const plain = (lines: readonly string[]) => lines.map((text) => ({ text }));
  return [
    ...plain([
      ...plan.notices.map((notice) => `Note: ${notice}`),
      `Plan for service ${request.service} in cluster ${request.cluster}, ${request.region}`,
      row('controller', controllerText(plan)),
      row('runs now', previous ?? 'nothing'),
      row('task definition', revisionText(revision)),
      row('changes', summariseChanges(changes)),
    ]),
    ...diff.map(({ text, colour }) => ({ text: `    ${text}`, colour })),
    ...plain([
      ...(plan.scaleTo === undefined ? [] : [row('desired count', `${plan.service.desiredCount} → ${plan.scaleTo}`)]),
      ...(plan.controller === 'CODE_DEPLOY' ? [row('AppSpec', appSpecText(plan.appSpec))] : []),
      ...imageText(plan),
      ...taskText(plan),
      row('traffic', trafficText(plan.traffic, plan.controller)),
      row('takes', durationText(plan.traffic)),
      ...(plan.controller === 'ECS' ? [row('on failure', plan.onFailure)] : []),
      row('waits until', `${wait.until}${wait.why ? ` (${wait.why})` : ''}`),
      row('at most', formatMinutes(request.waitFor / 60_000)),
      ...activeText(plan),
    ]),
  ];
}

/** The plan of a rollback: what is active decides. */
function showRollback(plan: Plan): string[] {
  const { request, previous, active, notices } = plan;
  const ids = [...active.own, ...active.others].map(shortId).join(', ');
  return [
    ...notices.map((notice) => `Note: ${notice}`),
    `Plan for service ${request.service} in cluster ${request.cluster}, ${request.region}: a rollback, nothing is deployed`,
    row('controller', controllerText(plan)),
    row('runs now', previous ?? 'nothing'),
    row('active', ids ? `${ids} is rolled back` : 'no deployment that could be rolled back'),
    row('at most', formatMinutes(request.waitFor / 60_000)),
  ];
}

const row = (what: string, text: string) => `  ${what.padEnd(16)} ${text}`;

function controllerText(plan: Plan): string {
  switch (plan.controller) {
    case 'CODE_DEPLOY':
      return `CODE_DEPLOY, blue/green by ${plan.group.application}/${plan.group.name}`;
    case 'ECS':
      return `ECS, ${plan.traffic.config}${plan.settings ? ' (settings of the service are changed)' : ''}`;
  }
}

function revisionText(revision: RevisionPlan): string {
  switch (revision.kind) {
    case 'none':
      return 'none';
    case 'deploy':
      return `${revision.arn} (${revision.why})`;
    case 'register':
      return `a new revision of ${revision.request.family} is registered`;
  }
}

function appSpecText(plan: AppSpecPlan | undefined): string {
  if (!plan) return 'none';
  if (plan.kind === 'generated') return `generated: container ${plan.target.container}, port ${plan.target.port}`;
  const { name, container, port, hooks } = plan.appSpec;
  const events = hooks.map(({ event }) => event).join(', ');
  return `${name}: container ${container}, port ${port}${events ? `, hooks ${events}` : ', no hooks'}`;
}

/** The images that keep a service from being left alone. */
function imageText({ images, unchanged }: Plan): string[] {
  const moved = images.filter(({ isSame }) => !isSame);
  const why = unchanged ? '' : '; so it is deployed again';
  return moved.map(({ container, text }) => row('image', `${container}: ${text}${why}`));
}

/** Without the words of the command, which may be confidential. */
function taskText({ task }: Plan): string[] {
  if (!task) return [];
  const { container, overrides, waits } = task;
  const [first] = overrides.containerOverrides?.find(({ name }) => name === container)?.command ?? [];
  const what = first === undefined ? `container ${container}` : `${oneName(first)} in container ${container}`;
  return [
    row('before it', `a task of its own runs ${what}${waits ? '' : ', and the deployment does not wait for its end'}`),
  ];
}

function durationText(traffic: TrafficPlan): string {
  const minutes = expectedMinutes(traffic);
  return minutes > 0
    ? `${formatMinutes(minutes)} for the traffic and the waits, and the time for tasks and hooks`
    : 'the time for tasks and hooks';
}

/** How the traffic moves, in one line. */
function trafficText(
  { config, steps, readyWait, terminationWait }: TrafficPlan,
  controller: Plan['controller'],
): string {
  const name = config ?? 'the default configuration';
  const waits = [
    ...(readyWait > 0 ? [`waits ${formatMinutes(readyWait)} at most to be continued`] : []),
    ...(terminationWait > 0
      ? [`${controller === 'ECS' ? 'bake time' : 'old tasks stay'} ${formatMinutes(terminationWait)}`]
      : []),
  ];
  return [`${name}: ${steps ? stepsText(steps) : 'steps not known'}`, ...waits].join('; ');
}

function stepsText(steps: NonNullable<TrafficPlan['steps']>): string {
  const shown = steps.length > 4 ? [...steps.slice(0, 2), undefined, ...steps.slice(-1)] : steps;
  if (steps.length === 0) return 'moves with the tasks';
  const texts = shown.map((step) =>
    step ? `${step.percent}%${step.minute > 0 ? ` after ${formatMinutes(step.minute)}` : ''}` : '…',
  );
  return steps.length === 1 ? 'all at once' : texts.join(', ');
}

function activeText({ active, request, images }: Plan): string[] {
  const { own, others, outdated } = active;
  const action = request.inputs['if-deploying'];
  if (own.length > 0) {
    const how = action === 'continue' ? 'is continued, where it waits, and watched' : 'is watched';
    return [row('active', `${own.map(shortId).join(', ')} deploys this very revision already and ${how}`)];
  }
  if (others.length === 0) return [];
  const how = action === 'stop' ? 'is stopped first' : 'is waited for first';
  // Where the service runs the revision as well, the images have been told.
  const [why] = images.length === 0 ? outdated : [];
  const older = why === undefined ? '' : ', which deploys this very revision with an older image,';
  const told = row('active', `${others.map(shortId).join(', ')}${older} ${how}`);
  return why === undefined ? [told] : [row('image', why), told];
}
