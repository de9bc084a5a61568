/** A part of the page: where its messages come from, what they have in common, and what to do where a message does not say it. */
export interface Area {
  readonly heading: string;
  /** Beginnings of paths; the longest that fits counts. */
  readonly paths: readonly string[];
  readonly cause: string;
  /** For findings, which come before the first change. */
  readonly correct: string;
  /** For failures. */
  readonly next: string;
}

const correct = 'Correct what the message names and run again; nothing was changed.';
const runAgain = 'Fix the cause in the message and run again. The log shows what was done before.';

const lookAtDeployment = 'Look at the report, and at the deployment in the console; the message has its address.';

/** All of the code that runs in the actions is in one of them: without a cause and a next step no message is complete. */
export const areas: readonly Area[] = [
  {
    heading: 'Inputs, files and the host',
    paths: ['shared/', 'actions/build-and-push/src/inputs.ts'],
    cause:
      'An input, or a file that it names, is not valid. All findings are reported together, each with its rule and the value given.',
    correct,
    next: runAgain,
  },
  {
    heading: 'Access to AWS',
    paths: ['shared/aws/', 'shared/proxy/'],
    cause:
      'AWS could not be reached, rejected the credentials, or does not allow the role to make the call. Sufficient policies are in docs/iam.',
    correct,
    next: 'Add the permission that the message names to the role, or correct the credentials, region, endpoint or proxy, and run again.',
  },
  {
    heading: 'Task definitions',
    paths: ['shared/task-definition/', 'actions/render-task-definition/'],
    cause:
      'The task definition, or a value for it, violates a rule of ECS or of the file format. Every rule, with its evidence, is in task-definition-rules.md.',
    correct: 'Correct the field at the line in the message and run again; nothing was changed.',
    next: runAgain,
  },
  {
    heading: 'Images and registries',
    paths: [
      'shared/image/',
      'actions/build-and-push/src/registry/',
      'actions/build-and-push/src/ecr/',
      'actions/build-and-push/src/run.ts',
    ],
    cause:
      'The registry refused the request, does not have the image, did not store what was sent, or sent an invalid response.',
    correct,
    next: 'Check the repository, tag, role and network, and run again. Layers that the registry has are not sent again.',
  },
  {
    heading: 'Building',
    paths: ['actions/build-and-push/'],
    cause:
      'The Dockerfile, the context or the builder: a file is missing or leads outside, an instruction needs another builder, or a file changed while it was read.',
    correct,
    next: 'Correct the line or file that the message names, or choose another builder, and run again.',
  },
  {
    heading: 'Planning a deployment',
    paths: ['actions/ecs-bluegreen-deploy/'],
    cause:
      'The service, deployment group, AppSpec, task definition and inputs do not match, or one of them does not exist.',
    correct,
    next: runAgain,
  },
  {
    heading: 'Running a deployment',
    paths: ['aws/', 'controllers/', 'execute/', 'plan/serving', 'report/', 'watch/'].map(
      (path) => `actions/ecs-bluegreen-deploy/src/${path}`,
    ),
    cause:
      'The deployment failed, was stopped, rolled back or replaced, or could not be watched until its end. The report shows what was observed.',
    correct: lookAtDeployment,
    next: lookAtDeployment,
  },
];

/** The area of a file. @throws Error where there is none */
export function areaOf(path: string): Area {
  const fits = areas.flatMap((area) =>
    area.paths.filter((start) => path.startsWith(start)).map((start) => ({ area, start })),
  );
  const [best] = fits.sort((a, b) => b.start.length - a.start.length);
  if (!best) throw new Error(`no area of shared/dev/troubleshooting/areas.ts has ${path}; add it to one`);
  return best.area;
}
