import type { CodeDeployState, CurrentState, EcsState, ReadResult } from './current-state';

/** What could not be read, and what looks odd about the file. */
export function noticesOf({ desired, running, latest, images, alarms, deployments }: CurrentState): string[] {
  const results: [what: string, result: ReadResult<unknown>][] = [
    ['what changes against the running revision is not known', running],
    [
      'whether the latest revision is identical is not known, so that every run registers and deploys a new one (ecs:DescribeTaskDefinition would tell)',
      latest,
    ],
    ...images.map(({ digest }): [string, ReadResult<unknown>] => [
      'whether the images are in ECR is not known',
      digest,
    ]),
    ['whether an alarm is on already is not known', alarms],
    ...(deployments ? unreadOf(deployments) : []),
  ];
  // What could not be read for the same reason is one line.
  const unread = new Map<string, Set<string>>();
  for (const [what, result] of results) {
    if ('unknown' in result) unread.set(result.unknown, (unread.get(result.unknown) ?? new Set()).add(what));
  }
  const lines = [...unread].map(([why, whats]) => `${[...whats].join('; ')}: ${why}`);
  return [...(desired.kind === 'file' ? desired.notices : []), ...lines];
}

function unreadOf(deployments: CodeDeployState | EcsState): [what: string, result: ReadResult<unknown>][] {
  const { active } = deployments;
  switch (deployments.controller) {
    case 'CODE_DEPLOY':
      return [
        ['how the traffic moves is only known by the name of the configuration', deployments.config],
        ['whether a deployment is active is only known when one is created', active],
      ];
    case 'ECS':
      return [
        ['the deployment is judged by the rollout state of the service alone, without stages and traffic', active],
      ];
  }
}
