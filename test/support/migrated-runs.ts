/** What a team has where one of the workflows of test/unit/workflow/migrate runs. */
export interface Needs {
  readonly repositories?: readonly string[];
  /** As `cluster/service`. */
  readonly services?: readonly string[];
  /** Files of task definitions, and the container in each. */
  readonly tasks?: Readonly<Record<string, string>>;
  /** Folders with a Dockerfile; without them the one at the top is what is built. */
  readonly dockerfiles?: readonly string[];
}

const main = { services: ['main/web'], tasks: { 'task.json': 'web' } };

/** The migrated workflows of CodeCatalyst: each is run by the local runner (test/scenarios/migrated-workflows.test.ts). */
export const runByLocalRunner: Readonly<Record<string, Needs>> = {
  'commit-by-git': { repositories: ['web'] },
  group: {
    repositories: ['backend'],
    services: ['main/backend'],
    tasks: { 'backend/task.json': 'backend' },
    dockerfiles: ['backend/Dockerfile'],
  },
  mapped: { repositories: ['shop'] },
  'one-script': { repositories: ['team/api'], tasks: { 'ecs/task.json': 'api' }, dockerfiles: ['docker/Dockerfile'] },
  'two-environments': { repositories: ['shop'], services: ['staging/shop'], tasks: { 'task.json': 'shop' } },
};

/**
 * Those of GitHub without an engine for containers, which the same suite runs, and the steps of the one for CodeCatalyst's
 * action for GitHub's actions, which the local runner does not have.
 */
export const runByGitHub: Readonly<Record<string, Needs>> = {
  'codecatalyst/github-runner': main,
  'github/anchors': { services: ['staging/web', 'production/web'], tasks: { 'task.json': 'web' } },
  'github/build-push-action': { repositories: ['web'] },
  'github/build-tag-push': { repositories: ['team/shop'], dockerfiles: ['services/shop/Dockerfile'] },
  'github/composite': main,
  'github/first-key': { repositories: ['web'], dockerfiles: ['web/Dockerfile'] },
  'github/job-defaults': {
    repositories: ['team/shop', 'team/cart', 'team/tools'],
    dockerfiles: ['services/shop/docker/Dockerfile', 'services/cart/Dockerfile', 'tools/Dockerfile'],
  },
  'github/job-outputs': { repositories: ['web'], dockerfiles: ['deploy/Dockerfile'] },
  'github/matrix': {
    repositories: ['web', 'worker'],
    services: ['prod/web', 'prod/worker'],
    tasks: { 'services/web/task.json': 'web', 'services/worker/task.json': 'worker' },
    dockerfiles: ['services/web/Dockerfile', 'services/worker/Dockerfile'],
  },
  'github/metadata': { repositories: ['team/web'] },
  'github/pinned': {
    repositories: ['acme/web'],
    services: ['prod/web'],
    tasks: { '.aws/task-definition.json': 'web' },
  },
  'github/register-only': { tasks: { 'task.json': 'web' } },
  'github/reusable': main,
  'github/run-task': main,
  'github/several-steps': { repositories: ['web'] },
};

/** Those that load images, or build for several platforms: act runs them with Docker's command line (test/machine). */
export const runByActOnly: readonly string[] = ['github/build-check', 'github/test-before-push'];

/** Those whose placeholders are filled in first, by the suite that runs them. */
export const runElsewhere: Readonly<Record<string, string>> = {
  'codecatalyst/tutorial': 'test/scenarios/workflows.test.ts',
  'github/starter': 'test/scenarios/github-workflows.test.ts',
};
