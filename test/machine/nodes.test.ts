import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws } from '../local/aws/embedded';
import { actionBundle } from '../support/bundles';
import { runMainPath } from '../support/main-path';
import { runNode } from '../support/process';

/** Real Node binaries, separated by colons; `.ci/run` brings 16.20.2, 18, 22 and 24. */
const binaries = [process.execPath, ...(process.env['NODE_BINARIES'] ?? '').split(':').filter((path) => path !== '')];
const named = binaries.map((path) => [execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(), path] as const);

if (named.length === 1) console.log('Only this Node is tried: NODE_BINARIES names no others.');

/** A context of 30,000 files, and a program for Node that reports the most memory it ever had, in kilobytes. */
const folder = mkdtempSync(join(tmpdir(), 'nodes-test-'));
const [context, reporter] = [join(folder, 'context'), join(folder, 'reporter.cjs')];
beforeAll(() => {
  for (let at = 0; at < 30_000; at++) {
    const inside = join(context, `d${at % 300}`);
    if (at < 300) mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, `f${at}`), `file ${at}\n`.repeat(200));
  }
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY . /app/\n');
  writeFileSync(reporter, "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS));\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

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

  // How much it takes does not depend on how busy the machine is.
  it('builds 30,000 files with less than 200 MB of memory', async () => {
    const aws = createEmbeddedAws();
    try {
      aws.ecr.createRepository('app');
      const { env } = await aws.listen();
      const inputs = ['--repository', 'app', '--builder', 'builtin', '--tags', 'v1', '--context', context];
      const options = { env, node, nodeArguments: ['--require', reporter] };
      const { status, stderr } = await runNode(actionBundle('build-and-push'), inputs, options);
      expect(status).toBe(0);
      expect(Number(/^peak (\d+)$/m.exec(stderr)?.[1]) * 1024).toBeLessThan(200_000_000);
    } finally {
      await aws.close();
    }
  });
});
