import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { actionBundle } from '../support/bundles';
import { runHere } from '../support/in-process';
import { type Ended, runNode } from '../support/process';

const tutorial = readFileSync(join(__dirname, '../unit/render/tutorial-task.json'), 'utf8');
const filled = tutorial.replace('<account_ID>', '111122223333');
const image = '111122223333.dkr.ecr.us-west-2.amazonaws.com/app:1';
/** The machine's Node, and those that .ci/run brings. */
const nodes = [process.execPath, ...(process.env['NODE_BINARIES'] ?? '').split(':').filter((path) => path !== '')];

let root: string;
let source: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'render-'));
  source = join(root, 'source');
  mkdirSync(source);
});
afterEach(() => rmSync(root, { recursive: true }));

type Inputs = Readonly<Record<string, string>>;

/** Runs the action as CodeCatalyst does, on a file of the source: here, or its bundle on a Node. */
function run(text: string | Buffer, inputs: Inputs = {}, node = 'here', file = 'task.json'): Promise<Ended> {
  writeFileSync(join(source, file), text);
  const given = Object.entries({ 'task-definition': file, ...inputs });
  const env = {
    CATALYST_WORKFLOW_PROJECT_NAME: 'shop',
    CATALYST_SOURCE_DIR_WorkflowSource: source,
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
  const bundle = () => runNode(actionBundle('render-task-definition'), [], { cwd: root, env, node });
  return node === 'here' ? runHere('render-task-definition', [], { cwd: root, env }) : bundle();
}

/** The outputs that CodeCatalyst reads from standard output. */
const outputsOf = ({ stdout }: Ended): Record<string, string> =>
  Object.fromEntries(
    [...stdout.matchAll(/^::set-output name=([^:]+)::(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  );

const errorsOf = ({ output }: Ended) => output.split('\n').filter((line) => line.startsWith('Error: '));
const writtenFiles = () =>
  readdirSync(source).filter((name) => name.startsWith('task-definition') || name.startsWith('.'));

describe.each(nodes)('on %s', (node) => {
  it('renders the tutorial’s task definition into the source folder', async () => {
    const ended = await run(filled, { image, 'container-name': 'MyContainer' }, node);
    const { 'task-definition': name, 'task-definition-path': path, ...others } = outputsOf(ended);
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(name).toMatch(/^task-definition-[0-9a-z]+\.json$/);
    expect(path).toBe(join(source, name!));
    expect(others).toEqual({
      family: 'CdkEcsInfraStackTaskDef',
      changes: `MyContainer.image: "$REPOSITORY_URI:$IMAGE_TAG" → "${image}"`,
    });
    expect(readFileSync(path!, 'utf8')).toBe(
      `${JSON.stringify(JSON.parse(filled.replace('$REPOSITORY_URI:$IMAGE_TAG', image)), null, 2)}\n`,
    );
    expect(writtenFiles()).toEqual([name]);
    expect(readFileSync(join(source, 'task.json'), 'utf8')).toBe(filled);
  });

  it('refuses it with one line while its account is not filled in', async () => {
    const ended = await run(tutorial, { image, 'container-name': 'MyContainer' }, node);
    expect(ended.status).toBe(2);
    expect(errorsOf(ended)).toEqual([
      'Error: task.json:2:3 executionRoleArn: still holds the placeholder <account_ID>; fill it in, got "arn:aws:iam::<account_ID>:role/AppRole"',
    ]);
    expect(writtenFiles()).toEqual([]);
    expect(ended.output).not.toMatch(/^\s+at /m);
  });

  it('reads YAML as it was written', async () => {
    const text =
      'family: 012345678901\ncontainerDefinitions:\n- {name: app, image: a, memory: 64, command: [1.10, yes]}\n';
    const ended = await run(text, {}, node, 'task.yaml');
    expect(ended.status).toBe(0);
    expect(JSON.parse(readFileSync(outputsOf(ended)['task-definition-path']!, 'utf8'))).toEqual({
      family: '012345678901',
      containerDefinitions: [{ name: 'app', image: 'a', memory: 64, command: ['1.10', 'yes'] }],
    });
    expect(outputsOf(ended)['changes']).toBe('no changes');
  });
});

describe('the log', () => {
  it('shows what changed, without a secret anywhere', async () => {
    const inputs = {
      image,
      'environment-variables': 'PORT=80\nDB_PASSWORD=hunter2-hunter2',
      secrets: 'API=arn:aws:ssm:us-west-2:111122223333:parameter/hidden-reference',
    };
    const ended = await run(filled, inputs);
    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain('\n+ containerDefinitions.MyContainer.environment.PORT: "80"\n');
    expect(ended.stdout).toContain('\n+ containerDefinitions.MyContainer.environment.DB_PASSWORD: "***"\n');
    expect(ended.stdout).toContain('\n+ containerDefinitions.MyContainer.secrets.API: "***"\n');
    expect(ended.output).not.toMatch(/hunter2|hidden-reference/);
    expect(readFileSync(outputsOf(ended)['task-definition-path']!, 'utf8')).toContain('hunter2-hunter2');
  });

  it('warns about what is most likely unintended, and continues', async () => {
    const ended = await run(filled.replace('"family"', '"volumes": [{"name": "v"}], "family"'), { image });
    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain('Warning: task.json:15:15 volumes[0]: no container mounts the volume v\n');
  });

  it('cannot be made to set an output', async () => {
    const labels = 'x<<END\nline\n::set-output name=family::forged\nEND';
    const ended = await run(filled, { image, 'docker-labels': labels, family: 'mine' });
    expect(outputsOf(ended)['family']).toBe('mine');
  });
});

/** What is wrong; the file; inputs; what the only error line begins with. */
const mistakes: [what: string, text: string | Buffer, inputs: Inputs, line: string][] = [
  [
    'a container that does not exist',
    filled,
    { 'container-name': 'Web', image },
    'container-name: there is no container "Web" (there: MyContainer)',
  ],
  [
    'a file that does not exist',
    filled,
    { 'task-definition': 'gone.json' },
    'task-definition: there is no file gone.json; looked for ',
  ],
  ['a folder', filled, { 'task-definition': '.' }, 'task-definition: . is a directory; name the file in it'],
  ['no JSON', '{"family": }', {}, 'task.json:1:12: is not JSON: a value is missing'],
  ['an empty file', '', {}, 'task.json: is empty; it should hold a task definition'],
  ['a binary file', Buffer.from([0x7b, 0xff, 0x00]), {}, 'task-definition: task.json is not UTF-8 text'],
  [
    'an unknown field',
    filled.replace('"image"', '"Image"'),
    {},
    'task.json:6:7 containerDefinitions[0].Image: unknown field, did you mean image?',
  ],
  ['an input of the wrong form', filled, { image: 'Not An Image' }, 'image: must have a repository name'],
  ['a family without a region', filled, { 'task-definition': 'web' }, 'region: is not known, and web is not a file'],
];

describe('a mistake', () => {
  it.each(mistakes)('%s', async (_what, text, inputs, line) => {
    const ended = await run(text, inputs);
    expect(ended.status).toBe(2);
    expect(
      errorsOf(ended)
        .join('\n')
        .slice(0, line.length + 7),
    ).toBe(`Error: ${line}`);
    expect(JSON.parse(outputsOf(ended)['ACTION_RUN_SUMMARY']!)).toMatchObject([{ text: 'CUSTOM', level: 'Error' }]);
    expect(ended.output).not.toMatch(/^\s+at /m);
    expect(writtenFiles()).toEqual([]);
  });

  it('of many is reported with all others', async () => {
    const text = filled.replace('"256"', '300').replace('"tcp"', '"TCP"').replace('"essential"', '"esential"');
    const ended = await run(text, { image });
    expect(ended.status).toBe(2);
    expect(errorsOf(ended)[0]).toMatch(/^Error: 3 inputs are wrong: /);
    expect(ended.stdout.split('\n').filter((line) => line.startsWith('task.json'))).toEqual([
      'task.json:7:7 containerDefinitions[0].esential: unknown field, did you mean essential?',
      'task.json:8:42 containerDefinitions[0].portMappings[0].protocol: must be one of tcp, udp; got "TCP", did you mean tcp?',
      'task.json:13:3 cpu: must be a string, got a number; write it in quotes',
    ]);
  });

  it('in one input is reported together with what the others cause in the file', async () => {
    const inputs = {
      image: '$IMAGE',
      cpu: 'abc',
      'task-role-arn': 'x y',
      'container-name': 'Web',
      'environment-mode': 'all',
    };
    const ended = await run(tutorial, inputs);
    expect(ended.status).toBe(2);
    const [line = ''] = errorsOf(ended);
    for (const name of ['image', 'cpu', 'task-role-arn', 'container-name', 'environment-mode']) {
      expect(line).toMatch(new RegExp(`[:|] ${name}\\b`));
    }
    expect(line).toContain('<account_ID>');
  });

  it('in an input is reported together with a file that does not exist', async () => {
    const ended = await run(filled, { 'task-definition': 'nope.json', image: 'A B', region: 'mars' });
    expect(ended.status).toBe(2);
    expect(errorsOf(ended)[0]).toMatch(
      /^Error: 3 inputs are wrong: image: .* \| region: .* \| task-definition: there is/,
    );
  });
});

describe('a folder that cannot be written', () => {
  it('is named with the reason and the alternative', async () => {
    writeFileSync(join(root, 'task.json'), filled);
    const env = {
      CATALYST_SOURCE_DIR_WorkflowSource: '/sys',
      'INPUT_TASK-DEFINITION': 'task.json',
      INPUT_IMAGE: image,
    };
    const ended = await runNode(actionBundle('render-task-definition'), [], { cwd: root, env });
    expect(ended.status).toBe(1);
    expect(errorsOf(ended)[0]).toMatch(
      /^Error: cannot write task-definition-\w+\.json: .*\/sys; run the action where .* Compute Type EC2/,
    );
    expect(existsSync(join(root, 'task.json'))).toBe(true);
  });
});

describe('on a file', () => {
  it('loads no AWS client, and no cryptography', async () => {
    const preload = join(root, 'loaded.cjs');
    const loaded = 'process.moduleLoadList.filter((name) => /NativeModule (https?|http2|crypto)$/.test(name))';
    writeFileSync(preload, `process.on('exit', () => console.error(JSON.stringify(${loaded})));`);
    writeFileSync(join(root, 'task.json'), filled);
    const args = ['--task-definition', 'task.json', '--image', image];
    const ended = await runNode(actionBundle('render-task-definition'), args, {
      cwd: root,
      nodeArguments: ['-r', preload],
    });
    expect([ended.status, ended.stderr.trim().split('\n').pop()]).toEqual([0, '[]']);
  });
});
