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
const runAgain = 'Correct the reason that the message gives and run again; the log says what was done before.';

/** All of the code that runs in the actions is in one of them: without a cause and a next step no message is complete. */
export const areas: readonly Area[] = [
  {
    heading: 'Inputs, files and the host',
    paths: ['shared/', 'actions/build-and-push/src/inputs.ts'],
    cause:
      'An input, or a file that it names, is not what the action takes. All that is wrong is told together, each with its rule and the value given.',
    correct,
    next: runAgain,
  },
  {
    heading: 'Access to AWS',
    paths: ['shared/aws/', 'shared/proxy/'],
    cause:
      'AWS could not be reached, did not accept the credentials, or does not allow the call to the role. The policies that are enough are in docs/iam.',
    correct,
    next: 'Give the role the permission that is named, or correct credentials, region, endpoint or proxy, and run again.',
  },
  {
    heading: 'Task definitions',
    paths: ['shared/task-definition/', 'actions/render-task-definition/'],
    cause:
      'The task definition, or what is to be filled into it, breaks a rule of ECS or of the format. Every rule, with its evidence, is in task-definition-rules.md.',
    correct: 'Correct the field at the line that is named and run again; nothing was changed.',
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
    cause: 'The registry refuses, does not have, or did not take what was sent, or answers what it must not.',
    correct,
    next: 'Check repository, tag, role and network, and run again: what the registry has is not sent again.',
  },
  {
    heading: 'Building',
    paths: ['actions/build-and-push/'],
    cause:
      'The Dockerfile, the context or the builder: a file is missing or leads outside, an instruction needs another builder, or a file changed while it was read.',
    correct,
    next: 'Correct the line or file that is named, or choose another builder, and run again.',
  },
  {
    heading: 'Planning a deployment',
    paths: ['actions/ecs-bluegreen-deploy/'],
    cause:
      'Service, deployment group, AppSpec, task definition and inputs do not fit each other, or one of them does not exist.',
    correct,
    next: runAgain,
  },
  {
    heading: 'A deployment on its way',
    paths: ['aws', 'controllers', 'execute', 'report', 'watch'].map(
      (folder) => `actions/ecs-bluegreen-deploy/src/${folder}/`,
    ),
    cause:
      'The deployment failed, was stopped, rolled back or replaced, or could not be watched to its end. The report says what was seen.',
    correct,
    next: 'Look at the deployment in the console, whose address is in the message, and at the report.',
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
