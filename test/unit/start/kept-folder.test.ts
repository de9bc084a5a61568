import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { acts } from '../../local/tour/acts';
import { createKeptFolder } from '../../local/tour/kept-folder';

let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'kept-test-'));
});
afterEach(() => rmSync(temp, { recursive: true }));

it('refuses a folder that it cannot write to, in one line', () => {
  writeFileSync(join(temp, 'file'), '');
  // The last one made Node's own way of making folders try forever.
  for (const [folder, code] of [
    [join(temp, 'file'), 'EEXIST'],
    [join(temp, 'file', 'below'), 'ENOTDIR'],
    ['/proc/ecs-start', 'ENOENT'],
  ] as const) {
    const problem = `--output: cannot write to ${folder}: ${code}; name a folder of your own`;
    expect(() => createKeptFolder(folder, '/project')).toThrow(problem);
  }
});

it('keeps the log without colours, the reports that there are, and a page that leads to them', () => {
  const kept = createKeptFolder(join(temp, 'deep', 'folder'), '/project');
  kept.log('\u001b[32mgreen\u001b[0m');
  mkdirSync(join(temp, 'artifacts', 'canary', 'Report'), { recursive: true });
  for (const ending of ['html', 'json']) {
    writeFileSync(join(temp, 'artifacts', 'canary', 'Report', `deployment-report-d-1.${ending}`), `the ${ending}`);
  }
  const release = { status: 0, failure: undefined, image: undefined, windows: [], ms: 2_000, problem: undefined };
  const failure = 'an alarm <b>went off</b>';
  const releases = [
    { ...release, act: acts[0]!, status: 3, failure },
    { ...release, act: acts[1]! },
  ];
  const index = kept.finish(releases, 'Requests: 5', join(temp, 'artifacts'));
  expect(readdirSync(kept.path).sort()).toEqual(['2-canary.html', '2-canary.json', 'index.html', 'log.txt']);
  expect(readFileSync(join(kept.path, 'log.txt'), 'utf8')).toBe('green\n');
  expect(readFileSync(join(kept.path, '2-canary.html'), 'utf8')).toBe('the html');
  const page = readFileSync(index, 'utf8');
  expect(page).toContain('an alarm &lt;b&gt;went off&lt;/b&gt;');
  expect(page).toContain(acts[1]!.outcome);
  expect(page).toContain('href="file:///project/README.md"');
  const beside = [...page.matchAll(/href="([\w.-]+)"/g)].map(([, name]) => name);
  expect(beside.sort()).toEqual(['2-canary.html', '2-canary.json', 'log.txt']);
});
