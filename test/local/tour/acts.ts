import { type ExitStatus, exitStatus } from '../../../shared/errors';
import { type Repository, workflow } from './repository';

/** A deployment of the tour: what its team changes, and how it has to end. */
export interface Act {
  /** For names of files. */
  readonly name: string;
  readonly heading: string;
  /** The city on the page of the version that is deployed. */
  readonly version: string;
  /** The message of its commit. */
  readonly message: string;
  readonly exit: ExitStatus;
  change(repository: Repository): void;
}

const page = 'templates/index.html';

/** The three deployments, in their order. Each builds on the repository that the one before it left. */
export const acts: readonly Act[] = [
  {
    name: 'blue-green',
    heading: 'Las Vegas: blue/green, 10 % more of the traffic every minute',
    version: 'Las Vegas',
    message: 'Greet from Las Vegas',
    exit: exitStatus.done,
    change() {},
  },
  {
    name: 'canary',
    heading: 'New York: the city on the page changes, and goes out as a canary, 10 % for five minutes',
    version: 'New York',
    message: 'Greet from New York',
    exit: exitStatus.done,
    change(repository) {
      repository.edit(page, 'Las Vegas', 'New York');
      repository.edit(workflow, /^( +)codedeploy-deployment-group: .*$/m, canary);
    },
  },
  {
    name: 'bad-version',
    heading: 'Atlantis: a version that builds, starts and is healthy, and answers each visitor with status 500',
    version: 'Atlantis',
    message: 'Greet from Atlantis, in the words of GREETING',
    exit: exitStatus.rolledBack,
    change(repository) {
      repository.edit(page, 'New York', 'Atlantis');
      // On its developer's machine the variable was set; the task definition does not have it.
      repository.edit('server.mjs', 'return page;', "return page.replace('Hello', process.env.GREETING.trim());");
    },
  },
];

/** The line of the deployment group, and below it that of the canary. */
const canary = (line: string, indent: string) =>
  `${line}\n${indent}codedeploy-deployment-config: CodeDeployDefault.ECSCanary10Percent5Minutes`;
