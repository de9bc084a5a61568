import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws } from '../local/aws/embedded';
import { startLivePage } from '../local/tour/live-page';
import { startProxy } from '../local/tour/proxy';

const project = join(__dirname, '../..');

/** The processes below one, itself included. */
function treeOf(root: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (pid: number): number[] => [pid, ...(parents.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** The sockets that a process has open, by their inodes. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** The addresses, as the kernel writes them, at which these processes listen. proc(5): state 0A is LISTEN. */
function listening(pids: readonly number[]): string[] {
  const own = new Set(pids.flatMap(socketsOf));
  return ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && own.has(inode ?? ''))
      .map(([, address]) => address!.replace(/:.*$/, '')),
  );
}

/** 127.0.0.1 in the byte order of the machine, and ::1. */
const loopback = ['0100007F', '00000000000000000000000001000000'];

// Elsewhere there is no /proc to look at.
const describeOnLinux = existsSync('/proc/net/tcp') ? describe : () => {};

describeOnLinux('npm start', () => {
  it('listens on loopback only, it and all that it starts', async () => {
    const temp = mkdtempSync(join(tmpdir(), 'start-hostile-'));
    // No engine is found on this path, so that tasks are processes.
    const env = { PATH: `${join(process.execPath, '..')}:/usr/bin:/bin`, HOME: temp, TMPDIR: temp };
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/local/tour/main.ts'], { cwd: project, env });
    let out = '';
    const seen = new Map<string, number>();
    const look = setInterval(() => {
      for (const address of listening(treeOf(child.pid!))) seen.set(address, (seen.get(address) ?? 0) + 1);
    }, 100);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        // Old and new tasks run side by side then.
        if (/weight +[1-9]/.test(out)) child.kill('SIGINT');
      });
    }
    await new Promise((resolve) => child.once('close', resolve));
    clearInterval(look);
    rmSync(temp, { recursive: true, force: true });
    expect(out).toContain('traffic │');
    expect(seen.size).toBeGreaterThan(0);
    expect([...seen.keys()].filter((address) => !loopback.includes(address))).toEqual([]);
  });
});

function ask(address: string, path: string, headers: Record<string, string>, body = '', method = 'POST') {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const asked = request(new URL(path, address), { method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk.slice(0, 1_000)));
      answer.on('close', () => resolve({ status: answer.statusCode, text }));
      if (String(answer.headers['content-type']).includes('event-stream')) answer.destroy();
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

describe('a page of the web', () => {
  let aws: EmbeddedAws;
  let address: string;
  beforeAll(async () => {
    aws = createEmbeddedAws();
    address = (await aws.listen()).endpoint;
  });
  afterAll(() => aws.close());

  const foreign: [what: string, headers: Record<string, string>][] = [
    ['by a name of its own that leads here', { host: 'rebound.example.com' }],
    ['by such a name that begins like loopback', { host: '127.0.0.1.example.com' }],
    ['from the browser', { origin: 'https://evil.example.com' }],
    ['from a sandbox in it', { origin: 'null' }],
    ['from an extension', { origin: 'x://127.0.0.1@evil.example.com' }],
  ];

  it.each(foreign)('cannot drive the embedded AWS %s', async (_, headers) => {
    const before = aws.clock.now();
    for (const path of ['/_control/advance', '/_control/fault', '/v2/', '/']) {
      expect((await ask(address, path, headers, '{"ms": 1000}')).status).toBe(403);
    }
    expect([aws.clock.now(), aws.calls.length]).toEqual([before, 0]);
  });

  it('of this machine can', async () => {
    for (const headers of [{}, { host: 'localhost:1' }, { origin: address }, { origin: 'http://localhost:3000' }]) {
      expect((await ask(address, '/_control/now', headers, '', 'GET')).status).toBe(200);
    }
  });

  it.each(foreign)('sees neither the live page nor the service %s', async (_, headers) => {
    const proxy = await startProxy(() => undefined);
    const page = await startLivePage({
      project,
      application: proxy.address,
      artifacts: '/nowhere',
      read: () => ({ title: 'x', windows: () => [], history: { slices: [], moments: [] } }),
    });
    const answers = [
      await ask(page.address, '/', headers, '', 'GET'),
      await ask(page.address, '/events', headers, '', 'GET'),
      await ask(proxy.address, '/', headers, '', 'GET'),
    ];
    const own = await ask(page.address, '/', {}, '', 'GET');
    await page.close();
    await proxy.close();
    expect([...answers.map(({ status }) => status), own.status]).toEqual([403, 403, 403, 200]);
  });
});

describe('a request to the embedded AWS', () => {
  it('is read up to its limit, and one that is not JSON is answered with what is missing', async () => {
    const aws = createEmbeddedAws();
    const { endpoint } = await aws.listen();
    const large = await ask(endpoint, '/_control/advance', {}, `{"ms": 0, "x": "${'x'.repeat(9_000_000)}"}`).catch(
      () => ({ status: 413 }),
    );
    const broken = await ask(endpoint, '/_control/advance', {}, '{"ms":');
    await aws.close();
    expect([large.status, broken.status]).toEqual([413, 400]);
  });
});
