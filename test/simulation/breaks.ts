import type { Patch } from './command/bundle';

/** A way to break the product that the oracle has to notice. */
export interface Break {
  readonly name: string;
  readonly patches: readonly Patch[];
}

const deploy = 'actions/ecs-bluegreen-deploy/src';

const one = (name: string, file: string, replace: string, by: string): Break => ({
  name,
  patches: [{ file, replace, by }],
});

const moves = `${deploy}/controllers/codedeploy/deployment-moves.ts`;
const serviceMoves = `${deploy}/controllers/ecs/service-moves.ts`;
const ecsLifecycle = `${deploy}/plan/ecs-lifecycle.ts`;
const outcome = `${deploy}/report/outcome.ts`;
const create = `${deploy}/controllers/codedeploy/create-deployment.ts`;
const update = `${deploy}/controllers/ecs/update-service.ts`;
const ownDeployment = `${deploy}/controllers/ecs/own-deployment.ts`;
const ecsPlan = `${deploy}/plan/ecs-plan.ts`;
const effects = `${deploy}/aws/effects.ts`;

/** What an end is taken for. */
const ends: readonly Break[] = [
  one(
    'a stopped deployment of CodeDeploy is a success',
    moves,
    "if (status === 'Succeeded') return { status: 'SUCCEEDED' };",
    "if (status === 'Succeeded' || status === 'Stopped') return { status: 'SUCCEEDED' };",
  ),
  one(
    'a failed deployment of CodeDeploy is a success',
    moves,
    "if (status === 'Failed') return failure();",
    "if (status === 'Failed') return { status: 'SUCCEEDED' };",
  ),
  one(
    'a rollback of ECS is a success',
    serviceMoves,
    "if (status === 'SUCCESSFUL') return { status: 'SUCCEEDED' };",
    "if (status === 'SUCCESSFUL' || status === 'ROLLBACK_SUCCESSFUL') return { status: 'SUCCEEDED' };",
  ),
  one('a stopped deployment of ECS is still on its way', ecsLifecycle, "STOPPED: 'STOPPED',", "STOPPED: 'advances',"),
  one(
    'a rollback that has begun is done',
    moves,
    "if (last.rollback.status === 'Succeeded') return { status: 'ROLLED_BACK'",
    "if (last.rollback.status !== 'Failed') return { status: 'ROLLED_BACK'",
  ),
  one(
    'a rollback that failed is done',
    serviceMoves,
    "if (status === 'ROLLBACK_FAILED') return { status: 'FAILED', cause, rollback };",
    "if (status === 'ROLLBACK_FAILED') return { status: 'ROLLED_BACK', cause, rollback: rollback! };",
  ),
  one('a rollback exits with 0', outcome, 'ROLLED_BACK: exitStatus.rolledBack,', 'ROLLED_BACK: exitStatus.done,'),
  one('a time-out exits with 0', outcome, 'TIMED_OUT: exitStatus.timedOut,', 'TIMED_OUT: exitStatus.done,'),
  one(
    'every end is told as a success',
    outcome,
    "const outputs = { ...outputsOf(run, report), 'deployment-status': end.status };",
    "const outputs = { ...outputsOf(run, report), 'deployment-status': 'SUCCEEDED' as const };",
  ),
];

/** What a deployment is said to have reached. */
const milestones: readonly Break[] = [
  one(
    'a service deployment has shifted its traffic when it begins to',
    ecsLifecycle,
    "\n  PRODUCTION_TRAFFIC_SHIFT: 'test-traffic',",
    "\n  PRODUCTION_TRAFFIC_SHIFT: 'traffic-shifted',",
  ),
  {
    name: 'CodeDeploy has shifted the traffic when it begins to',
    patches: [
      {
        file: moves,
        replace: "name === trafficEvent && status === 'Succeeded') &&",
        by: "name === trafficEvent && status !== 'Pending') &&",
      },
      {
        file: moves,
        replace: 'positionOf(name) <= traffic || isPassed(status));',
        by: "positionOf(name) <= traffic || status !== '');",
      },
    ],
  },
  one(
    'time is up at half time',
    `${deploy}/watch/model.ts`,
    'deadline: now + plan.request.waitFor,',
    'deadline: now + plan.request.waitFor / 2,',
  ),
  one(
    'time is up at double the time',
    `${deploy}/watch/model.ts`,
    'deadline: now + plan.request.waitFor,',
    'deadline: now + plan.request.waitFor * 2 + 600_000,',
  ),
];

/** Which deployment is made and watched. */
const identity: readonly Break[] = [
  one(
    'the oldest service deployment is watched',
    ownDeployment,
    'const own = begunBy(fresh, arn, at);',
    'const own = (await readNew({ ...search, known: new Set() }, effects)).at(-1);',
  ),
  one(
    'of several deployments of one revision, the newest is watched',
    ecsPlan,
    '.sort((one, other) => distance(one) - distance(other));',
    ';',
  ),
  one(
    'a service deployment that is not found at first is not looked for again',
    `${deploy}/controllers/ecs/service-poller.ts`,
    'if (this.#arn !== undefined || !this.#mayList || started === unknownTime) return this.#arn;',
    'if (started > 0) return this.#arn;',
  ),
  one(
    'whatever CodeDeploy deploys is adopted',
    create,
    'const own = active.find(isAdopted);',
    'const own = active.find(() => true);',
  ),
  one(
    'whatever ECS deploys is adopted',
    update,
    'active.find((one) => deploys(one, arn) && adopts(plan, arn, one.createdAt))',
    'active.find(() => true)',
  ),
  one(
    'the second read before UpdateService is skipped',
    update,
    'const active = await readActive(plan, effects);',
    'const active: readonly ListedServiceDeployment[] = [];',
  ),
  one(
    'a lost answer is not looked for',
    effects,
    'const recognised = isSearched ? await search(change, mayHarm ? attempts : 1, { clock, signal }) : undefined;',
    'const recognised = undefined;',
  ),
  one(
    'a change is sent again whatever has happened meanwhile',
    effects,
    'const isOutdated = attempt > 1 && change.isOutdated ? await ask(change.isOutdated, noteRefusal) : false;',
    'const isOutdated = false as boolean | typeof notKnown;',
  ),
  one(
    'the service gets the revision that it has',
    update,
    '    taskDefinition: arn,\n',
    '    taskDefinition: plan.previous ?? arn,\n',
  ),
  one(
    'another revision is told than is deployed',
    outcome,
    "...(arn !== undefined && { 'task-definition-arn': arn }),",
    "...(arn !== undefined && { 'task-definition-arn': plan.previous ?? arn }),",
  ),
  one(
    'a revision that is there is registered again',
    `${deploy}/plan/plan-revision.ts`,
    "revision.taskDefinition.status !== 'INACTIVE' && isSameRevision(request, revision)",
    "revision.taskDefinition.status !== 'INACTIVE' && isSameRevision(request, revision) && revision.arn === ''",
  ),
];

/** Whether what runs is what was asked for, and answers. */
const health: readonly Break[] = [
  one(
    'nobody looks again before a success',
    `${deploy}/execute/last-look.ts`,
    '  if (!isClaimed) return end;',
    '  if (!isClaimed || run) return end;',
  ),
  one(
    'what was reached before the last look counts after it',
    `${deploy}/watch/watch-state.ts`,
    'isOutdated: true',
    'isOutdated: false',
  ),
];

/** What is changed, and what is said of it. */
const changes: readonly Break[] = [
  one(
    'what was sent and not answered was not done',
    effects,
    'if (isLost && !isUnsent(error)) unanswered += isUnreadable(error) ? (mostUnknown ?? 1) : 1;',
    'if (isLost && !isUnsent(error)) unanswered += isUnreadable(error) ? 0 : 0;',
  ),
  one(
    'every time-out is rolled back',
    `${deploy}/execute/follow.ts`,
    "const wantsRollback = run.plan.request.inputs['rollback-on']?.includes('timeout') ?? false;",
    'const wantsRollback = true;',
  ),
  one(
    'every signal rolls back',
    `${deploy}/execute/interruption.ts`,
    "const wantsRollback = plan.request.inputs['rollback-on']?.includes('interrupt') === true;",
    'const wantsRollback = true;',
  ),
  one(
    'a deployment that is not seen at the deadline is stopped',
    `${deploy}/execute/follow.ts`,
    '  if (unseenSince !== undefined) {',
    '  if (unseenSince !== undefined && unseenSince < 0) {',
  ),
  one(
    'every active deployment is stopped',
    `${deploy}/watch/wait-for-active.ts`,
    "const stop = wait.request.inputs['if-deploying'] === 'stop';",
    'const stop = true;',
  ),
  one(
    'a container that is not behind the load balancer is deployed',
    `${deploy}/plan/ecs-checks.ts`,
    '    ...checkTargets(state, service),\n',
    '',
  ),
  one(
    'an answer without the deployments that were asked for is one of none',
    'shared/aws/answer.ts',
    "  ListServiceDeployments: ['serviceDeployments'],\n",
    '',
  ),
  one(
    'a dry run deploys',
    `${deploy}/plan-and-execute.ts`,
    "if (request.inputs['dry-run']) return stopAtPlan(plan, context);",
    '',
  ),
  one(
    'a one-off task that failed is as good as one that worked',
    `${deploy}/execute/pre-deploy.ts`,
    'await judge(asked, ended, run, effects);',
    'void ended;',
  ),
  one(
    'a deployment that follows the one to adopt begins without its one-off task',
    update,
    'if (lacksTask(plan) || progressOf(service)',
    'if (progressOf(service)',
  ),
  one(
    'a signal leaves the one-off task running',
    `${deploy}/execute/task-end.ts`,
    '    await stop(asked, task, run, effects);\n    throw error;',
    '    throw error;',
  ),
];

const breakSilence = 'shared/host/break-silence.ts';

/** How a run behaves. */
const conduct: readonly Break[] = [
  {
    name: 'silence for ten minutes',
    patches: [
      { file: `${deploy}/watch/watch-state.ts`, replace: 'heartbeat = 60_000;', by: 'heartbeat = 600_000;' },
      { file: breakSilence, replace: 'longestSilence = 61_000;', by: 'longestSilence = 600_000;' },
    ],
  },
  one('nobody speaks while AWS does not answer', breakSilence, 'longestSilence = 61_000;', 'longestSilence = 600_000;'),
  one(
    'a request may hang for ever',
    'shared/aws/time-limit.ts',
    'let cancel = clock.after(requestLimit, over);',
    'let cancel = () => {};',
  ),
  one(
    'the body of an answer may stall for ever',
    'shared/aws/time-limit.ts',
    'limit.lasts(answer?.response?.body);',
    'limit.end();',
  ),
  one('AWS is asked without end', 'shared/poll.ts', 'const callsPerMinute = 40;', 'const callsPerMinute = 4_000;'),
  one('a signal is heard late', `${deploy}/execute/interruption.ts`, 'const lastMs = 2_400;', 'const lastMs = 60_000;'),
];

export const breaks: readonly Break[] = [...ends, ...milestones, ...identity, ...health, ...changes, ...conduct];
