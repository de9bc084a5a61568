import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { runMainPath } from '../support/main-path';

/** Real Node binaries, separated by colons; `.ci/run` brings 16.20.2, 18, 22 and 24. */
const binaries = [process.execPath, ...(process.env['NODE_BINARIES'] ?? '').split(':').filter((path) => path !== '')];
const named = binaries.map((path) => [execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(), path] as const);

if (named.length === 1) console.log('Only this Node is tried: NODE_BINARIES names no others.');

describe.each(named)('Node %s', (_, node) => {
  it('builds, renders and deploys', async () => {
    const ended = await runMainPath(node);
    for (const { status, output } of Object.values(ended)) {
      expect(output).not.toMatch(/Warning|at .*\.js:\d+/);
      expect(status).toBe(0);
    }
    expect(ended['build-and-push'].stdout).toMatch(
      /^::set-output name=IMAGE::127\.0\.0\.1:\d+\/app@sha256:[0-9a-f]{64}$/m,
    );
    expect(ended['ecs-bluegreen-deploy'].stdout).toMatch(/^::set-output name=deployment-status::SUCCEEDED$/m);
  });
});
