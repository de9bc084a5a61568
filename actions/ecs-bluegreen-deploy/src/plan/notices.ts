import type { CodeDeployState, CurrentState, EcsState, ReadResult } from './current-state';

/** What could not be read, and what looks odd about the file. */
export function noticesOf({ desired, running, latest, images, alarms, deployments }: CurrentState): string[] {
  const results: readonly Unread[] = [
    { unread: 'what changes against the running revision is not known', result: running },
    {
      unread:
        'whether the latest revision is identical is not known, so that every run registers and deploys a new one (ecs:DescribeTaskDefinition is needed to tell)',
      result: latest,
    },
    ...images.map(({ inEcr }) => ({ unread: 'whether the images are in ECR is not known', result: inEcr })),
    { unread: 'whether an alarm is on already is not known', result: alarms },
    ...(deployments ? unreadOf(deployments) : []),
  ];
  // What could not be read for the same reason is one line.
  const unread = new Map<string, Set<string>>();
  for (const { unread: what, result } of results) {
    if ('unknown' in result) unread.set(result.unknown, (unread.get(result.unknown) ?? new Set()).add(what));
  }
  const lines = [...unread].map(([why, whats]) => `${[...whats].join('; ')}: ${why}`);
  return [...(desired.kind === 'file' ? desired.notices : []), ...lines];
}

/** What is not known if a result could not be read. */
interface Unread {
  readonly unread: string;
  readonly result: ReadResult<unknown>;
}

function unreadOf(deployments: CodeDeployState | EcsState): readonly Unread[] {
  const { active } = deployments;
  switch (deployments.controller) {
    case 'CODE_DEPLOY':
      return [
        { unread: 'how the traffic moves is only known by the name of the configuration', result: deployments.config },
        { unread: 'whether a deployment is active is only known when one is created', result: active },
      ];
    case 'ECS':
      return [
        {
          unread: 'the deployment is judged by the rollout state of the service alone, without stages and traffic',
          result: active,
        },
      ];
  }
}
