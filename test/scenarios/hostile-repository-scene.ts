import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { HereOptions } from '../support/in-process';
import type { RunOptions } from '../support/process';
import { openScene } from './build-scene';

/** What must not be shown: a variable of the runner, and what lies beside the context. */
export const marker = 'TopSecretOfTheRunner';

export type RepositoryScene = Awaited<ReturnType<typeof openRepositoryScene>>;

/** A build of a repository that somebody hostile may have written, with programs of the test first in PATH. */
export async function openRepositoryScene() {
  const scene = await openScene();
  const programs = join(scene.source, '..', 'programs');
  const fake = join(__dirname, '../support/build-fake-docker.cjs');
  mkdirSync(programs);
  chmodSync(fake, 0o755);
  symlinkSync(fake, join(programs, 'docker'));
  const notes = join(scene.source, '..', 'notes');
  const environment = {
    PATH: `${programs}:${process.env['PATH']}`,
    FAKE_DOCKER_NOTES: notes,
    RUNNER_SECRET: marker,
  };
  return {
    scene,
    programs,
    /** What the stand-in for Docker was asked. */
    notes,
    run: (inputs: Record<string, string> = {}, options: HereOptions = {}) =>
      scene.run({ tags: 'v1', ...inputs }, { ...options, env: { ...environment, ...options.env } }),
    runBundle: (inputs: Record<string, string> = {}, options: RunOptions = {}) =>
      scene.runBundle({ tags: 'v1', ...inputs }, { ...options, env: { ...environment, ...options.env } }),
    async close() {
      // Paths in it may be longer than Node can remove.
      execFileSync('rm', ['-rf', scene.source]);
      await scene.close();
    },
  };
}
