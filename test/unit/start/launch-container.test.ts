import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findEngine } from '../../local/tour/launch-container';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'containers-test-'));
  mkdirSync(join(folder, 'bin'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const task = { arn: 'trial', image: '127.0.0.1:1/first:1', environment: {}, containerPort: 80 };
const registry = { host: '127.0.0.1:1', password: 'secret' };
const find = () => findEngine(task, { env: { PATH: join(folder, 'bin'), HOME: folder }, folder, registry });

// On another system there is one reason for all engines.
const onLinux = process.platform === 'linux';
const reasons = (docker: string, podman: string) =>
  onLinux ? `docker: ${docker}; podman: ${podman}` : expect.stringContaining('a Linux machine only');

describe('findEngine', () => {
  it('says that no engine is installed', async () => {
    expect(await find()).toEqual({ none: reasons('not installed', 'not installed') });
  });

  it("gives an engine's own reason in one line", async () => {
    const script = '#!/bin/sh\necho "warning: slow" >&2\necho "Cannot connect to the daemon" >&2\nexit 1\n';
    writeFileSync(join(folder, 'bin/docker'), script, { mode: 0o755 });
    expect(await find()).toEqual({ none: reasons('Cannot connect to the daemon', 'not installed') });
  });
});
