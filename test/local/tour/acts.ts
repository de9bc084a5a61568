import { type ExitStatus, exitStatus } from '../../../shared/errors';
import { type Repository, workflow } from './repository';

/** A deployment of the tour: what changes, and how it must end. */
export interface Act {
  /** Part of file names. */
  readonly name: string;
  readonly heading: string;
  /** The city on the page of the version that is deployed. */
  readonly version: string;
  /** The message of its commit. */
  readonly message: string;
  readonly exit: ExitStatus;
  /** How many times slower than in the other acts the embedded AWS runs. */
  readonly slowedBy: number;
  /** What this end means, for somebody who sees it for the first time. */
  readonly outcome: string;
  change(repository: Repository): void;
}

const page = 'templates/index.html';

/** The three deployments, in their order. Each builds on the repository that the one before it left. */
export const acts: readonly Act[] = [
  {
    name: 'blue-green',
    heading: 'Las Vegas: a blue/green deployment that moves 10 % of the traffic every minute',
    version: 'Las Vegas',
    message: 'Greet from Las Vegas',
    exit: exitStatus.done,
    slowedBy: 1,
    outcome: 'Las Vegas has all the traffic, and its old tasks are gone. A workflow continues (exit status 0).',
    change() {},
  },
  {
    name: 'canary',
    heading: 'New York: another city on the page, deployed as a canary with 10 % of the traffic for five minutes',
    version: 'New York',
    message: 'Greet from New York',
    exit: exitStatus.done,
    slowedBy: 1,
    outcome: 'New York had 10 % of the traffic for five minutes, then all of it. A workflow continues (exit status 0).',
    change(repository) {
      repository.edit(page, 'Las Vegas', 'New York');
      repository.edit(workflow, /^( +)codedeploy-deployment-group: .*$/m, canary);
    },
  },
  {
    name: 'bad-version',
    heading:
      'Atlantis: a version that builds, starts and passes its health checks, but answers every visitor with status 500',
    version: 'Atlantis',
    message: 'Greet from Atlantis, in the words of GREETING',
    exit: exitStatus.rolledBack,
    // Slower, so that the reads of the action, five seconds apart, see the canary.
    slowedBy: 3,
    outcome:
      'Atlantis was stopped by the alarm while it had 10 % of the traffic, and New York has all of it again. A workflow stops here (exit status 3).',
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
