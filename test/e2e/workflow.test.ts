// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withoutHook } from '../../shared/host/git-environment';
import { processEnd } from '../support/process';

const project = join(__dirname, '../..');

/** A folder for everything that a run makes: a repository, and below `tmp` what should be gone afterwards. */
let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'workflow-test-'));
  mkdirSync(join(place, 'tmp'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function given(files: Record<string, string>, { git = true } = {}): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, 'repo', name)), { recursive: true });
    writeFileSync(join(place, 'repo', name), text);
  }
  if (!git) return;
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '.'],
    [...identity, 'commit', '-q', '-m', 'First'],
  ]) {
    expect(spawnSync('git', args, { cwd: join(place, 'repo'), env: withoutHook(process.env) }).status).toBe(0);
  }
}

const manifest = `SchemaVersion: '1.0'
Name: 'tiny'
Version: '1.0.0'
Description: 'Says what it was given'
Configuration:
  some-text: { Description: 'x', Required: true, Type: string }
  more: { Description: 'x', Required: false, Type: string, Default: 'five' }
Outputs:
  Variables: { said: { Description: 'x' } }
Runs: { Using: 'node16', Main: 'dist/index.js' }
`;
const tiny = (program: string) => ({
  '.gitignore': 'ignored.txt\n',
  'ignored.txt': 'x',
  'action/.codecatalyst/actions/action.yml': manifest,
  'action/dist/index.js': program,
});
const head = 'Name: W\nSchemaVersion: "1.0"\nActions:\n';

function start(workflow: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const file = join(place, 'repo/.codecatalyst/workflows/w.yaml');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, workflow);
  return startCli([file, '--aws', 'real', '--artifacts', join(place, 'kept')], env);
}

function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(project, 'test/local/runner/cli.ts'), ...args], {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: place, TMPDIR: join(place, 'tmp'), ...env },
  });
}

async function ended(child: ChildProcess): Promise<{ status: number | null; out: string }> {
  let out = '';
  child.stdout?.on('data', (chunk) => (out += chunk));
  child.stderr?.on('data', (chunk) => (out += chunk));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out };
}

const nothingIsLeft = () =>
  expect(readdirSync(join(place, 'tmp')).filter((name) => !name.startsWith('tsx-'))).toEqual([]);

describe('npm run workflow', () => {
  it('hands variables and artifacts from a build step to a local action and on', async () => {
    given(
      tiny(`const fs = require('fs');
        fs.writeFileSync('made-1.json', JSON.stringify(process.env));
        console.log('files: ' + fs.readdirSync('.').sort());
        console.log('::set-output name=said::' + process.env['INPUT_SOME-TEXT'] + ' ' + process.env.INPUT_MORE);
        console.log('::set-output name=undeclared::x');`),
    );
    const { status, out } = await ended(
      start(
        `${head}  Build:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource], Variables: [{ Name: region, Value: us-west-2 }] }
    Outputs: { Variables: [IMAGE] }
    Configuration:
      Steps:
        - Run: cd action; IMAGE=\${region}-\${WorkflowSource.BranchName}; shown=1
        - Run: |
            echo "in $(basename "$PWD"), shown is <$shown>, the secret is \${Secrets.TOKEN}"
            test "$(git rev-parse HEAD)" = \${WorkflowSource.CommitId}
  Tiny:
    Identifier: ./action
    Inputs: { Sources: [WorkflowSource] }
    Outputs: { Artifacts: [{ Name: Made, Files: made-* }] }
    Configuration:
      some-text: \${Build.IMAGE} "$(id)"
  Last:
    Identifier: aws/managed-test@v1
    Inputs: { Artifacts: [Made], Variables: [{ Name: said, Value: "\${Tiny.said}" }] }
    Configuration:
      Steps:
        - Run: ls; echo "said $said"; cp made-1.json "$HOME/seen.json"
`,
        { TOKEN: 'hunter2hunter', AWS_ACCESS_KEY_ID: 'AKIA', UNRELATED: 'x' },
      ),
    );
    expect(out).toContain('Build │ in action, shown is <1>, the secret is ***\n');
    expect(out).toContain('Tiny │ files: .codecatalyst,.git,.gitignore,action,made-1.json\n');
    expect(out).toContain('Last │ made-1.json\nLast │ said us-west-2-main "$(id)" five\n');
    expect(out).not.toContain('undeclared');
    expect(status).toBe(0);
    const seen = Object.keys(JSON.parse(readFileSync(join(place, 'seen.json'), 'utf8')));
    expect(seen.filter((name) => !name.startsWith('__CF'))).toEqual([
      'PATH',
      'HOME',
      'AWS_CONFIG_FILE',
      'AWS_SHARED_CREDENTIALS_FILE',
      'AWS_EC2_METADATA_DISABLED',
      'INPUT_SOME-TEXT',
      'INPUT_MORE',
      'CATALYST_SOURCE_DIR_WorkflowSource',
      'CATALYST_SOURCE_DIR_CawsCustomActionSource',
      'CATALYST_DEFAULT_DIR',
      'CATALYST_WORKFLOW_SPACE_NAME',
      'CATALYST_WORKFLOW_SPACE_ID',
      'CATALYST_WORKFLOW_PROJECT_NAME',
      'CATALYST_WORKFLOW_PROJECT_ID',
      'CI',
      'TMPDIR',
    ]);
    expect(readdirSync(join(place, 'kept/Made'))).toEqual(['made-1.json']);
    nothingIsLeft();
  });

  it('finds the repository of a workflow file, and the embedded AWS, by itself', async () => {
    given({
      '.codecatalyst/workflows/w.yaml': `${head}  Build:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource] }
    Environment: { Name: any }
    Configuration: { Steps: [{ Run: 'ls -A; echo "at $AWS_ENDPOINT_URL in <$AWS_REGION>"' }] }
`,
    });
    const { status, out } = await ended(startCli([join(place, 'repo/.codecatalyst/workflows/w.yaml')]));
    const [, endpoint] = /An embedded AWS answers at (\S+)\./.exec(out)!;
    expect(out).toContain(`Build │ .codecatalyst\nBuild │ .git\nBuild │ at ${endpoint} in <>\n`);
    expect(status).toBe(0);
    nothingIsLeft();
  });

  it.each([
    [['--help'], 0, 'npm run workflow -- FILE'],
    [[], 2, 'Error: command line: must name one workflow file; see --help'],
    [['w.yaml', '--aws', 'other'], 2, 'Error: command line: --aws must be embedded or real, got "other"; see --help'],
    [['w.yaml', '--other'], 2, "Error: command line: Unknown option '--other'; see --help"],
    [[join(project, 'README.md'), '--source', '/nowhere'], 2, 'Error: source: /nowhere is not a directory'],
    [['/nowhere.yaml'], 2, 'Error: command line: /nowhere.yaml cannot be read: it does not exist; see --help'],
  ])('answers %j with exit status %s', async (args, expected, text) => {
    const { status, out } = await ended(startCli(args));
    expect(out).toContain(text);
    expect(status).toBe(expected);
  });

  it('keeps credentials of the machine from an action without an Environment', async () => {
    given(tiny(`console.log(process.env.AWS_CONFIG_FILE, process.env.AWS_ACCESS_KEY_ID ?? 'no key')`));
    const { out } = await ended(
      start(`${head}  Tiny:\n    Identifier: ./action\n    Configuration: { some-text: x }\n`, {
        AWS_ACCESS_KEY_ID: 'AKIA',
      }),
    );
    expect(out).toContain('Tiny │ /dev/null no key\n');
  });

  it('runs actions side by side that do not wait for each other', async () => {
    given(tiny(''));
    const meets = (own: string, other: string) => `  ${own}:
    Identifier: aws/build@v1
    Configuration:
      Steps:
        - Run: touch "$HOME/${own}"; for i in $(seq 600); do test -e "$HOME/${other}" && exit; sleep 0.05; done; exit 1
`;
    const { status, out } = await ended(start(`${head}${meets('A', 'B')}${meets('B', 'A')}`));
    expect([status, out]).toEqual([0, expect.stringMatching(/^✓ A, .*\n✓ B, /m)]);
  });

  it('runs on what does not wait for a failure, and keeps what the failed action left', async () => {
    given(tiny(`require('fs').writeFileSync('made-report.html', 'why'); process.exit(3)`));
    const { status, out } = await ended(
      start(`${head}  Tiny:
    Identifier: ./action
    Compute: { Type: Lambda }
    Inputs: { Sources: [WorkflowSource] }
    Outputs: { Artifacts: [{ Name: Made, Files: made-* }] }
    Configuration: { some-text: x }
  Waiting:
    Identifier: aws/build@v1
    DependsOn: [Tiny]
    Configuration: { Steps: [{ Run: echo reached }] }
  Other:
    Identifier: aws/build@v1
    Configuration: { Steps: [{ Run: "trap 'echo own trap' EXIT" }, { Run: echo went on }] }
`),
    );
    expect(status).toBe(3);
    expect(out).toMatch(/Other │ own trap\n[\s\S]*Other │ went on\n/);
    expect(out).toContain('- Waiting, not run');
    expect(out).not.toContain('reached');
    expect(readdirSync(join(place, 'kept/Made'))).toEqual(['made-report.html']);
    nothingIsLeft();
  });

  it.each([
    ['is empty', ''],
    ['is broken', 'a: [\n'],
  ])('says that the manifest of a local action %s', async (_, text) => {
    given({ ...tiny(''), 'action/.codecatalyst/actions/action.yml': text });
    const { status, out } = await ended(start(`${head}  Tiny:\n    Identifier: ./action\n`));
    expect(status).toBe(2);
    expect(out).toMatch(/action\.yml is not a manifest: /);
    expect(out).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['an exit status', 'process.exit(3)', 3, 'Tiny ended with exit status 3'],
    [
      'an Error in the run summary',
      `console.log('::set-output name=ACTION_RUN_SUMMARY::' + JSON.stringify([{ text: 'CUSTOM', level: 'Error', message: '"no such tag"' }]))`,
      1,
      'no such tag',
    ],
    [
      'a run summary that is not JSON',
      `console.log('::set-output name=ACTION_RUN_SUMMARY::[{text:CUSTOM}]')`,
      1,
      'ACTION_RUN_SUMMARY cannot be read',
    ],
    ['an artifact without a file', '', 1, 'cannot keep the artifact Made: no file matches made-*; look at its Files'],
  ])('fails for %s and runs nothing more', async (_, program, expected, failure) => {
    given(tiny(program));
    const { status, out } = await ended(
      start(`${head}  Tiny:
    Identifier: ./action
    Inputs: { Sources: [WorkflowSource] }
    Outputs: { Artifacts: [{ Name: Made, Files: made-* }] }
    Configuration: { some-text: x }
  Last:
    Identifier: aws/build@v1
    DependsOn: [Tiny]
    Configuration: { Steps: [{ Run: echo reached }] }
`),
    );
    expect(status).toBe(expected);
    expect(out).toContain(`✗ Tiny, exit status ${expected}: ${failure}`);
    expect(out).toContain('- Last, not run');
    expect(out).not.toContain('reached');
    nothingIsLeft();
  });

  it('refuses a file that it cannot run, before anything runs, with exit status 2', async () => {
    given(tiny(`console.log('reached')`), { git: false });
    const { status, out } = await ended(
      start(`${head}  Tiny:
    Identifier: ./action
    Configuration: { some-text: true, other: x }
  Deploy:
    Identifier: aws/ecs-deploy@v1
`),
    );
    expect(status).toBe(2);
    expect(out).toContain('w.yaml:6 Actions.Tiny.Configuration.other: unknown key; known here: some-text, more\n');
    expect(out).toContain('w.yaml:8 Actions.Deploy.Identifier: write <space>/ecs-bluegreen-deploy@v1, which replaces');
    expect(out).not.toContain('reached');
    nothingIsLeft();
  });

  it('names the secrets and the commit that are not there', async () => {
    given(tiny(''), { git: false });
    const { status, out } = await ended(
      start(`${head}  Tiny:
    Identifier: ./action
    Configuration: { some-text: "\${Secrets.TOKEN} \${WorkflowSource.CommitId}" }
`),
    );
    expect(status).toBe(2);
    expect(out).toContain('${Secrets.TOKEN}: set TOKEN in the environment of the run');
    expect(out).toContain('${WorkflowSource.CommitId}: ');
  });

  it('ends the action, what it started, and its folders when it is interrupted', async () => {
    given(
      tiny(`const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
        process.on('SIGINT', () => { console.log('stopping'); process.exit(130); });
        setInterval(() => {}, 1000);
        console.log('child ' + child.pid);`),
    );
    const run = start(`${head}  Tiny:\n    Identifier: ./action\n    Configuration: { some-text: x }\n`);
    const pid = await new Promise<number>((resolve) => {
      run.stdout!.on('data', (chunk) => {
        const [, found] = /child (\d+)/.exec(String(chunk)) ?? [];
        if (found) resolve(Number(found));
      });
    });
    const end = ended(run);
    run.kill('SIGINT');
    expect(await end).toMatchObject({ status: 130, out: expect.stringContaining('stopping') });
    await processEnd(pid);
    nothingIsLeft();
  });

  it('says so where a program cannot be started', async () => {
    given(tiny(''));
    const run = start(
      `${head}  Build:\n    Identifier: aws/build@v1\n    Configuration: { Steps: [{ Run: 'true' }] }\n`,
      { PATH: join(place, 'tmp/none') },
    );
    const { status, out } = await ended(run);
    expect(status).toBe(1);
    expect(out).toContain('cannot start Build: spawn bash ENOENT');
    nothingIsLeft();
  });
});
