import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { SimulationClock } from '../local/aws/clock';
import { sampleOf, samplesOf } from '../support/doc-output';
import { runInProcess } from '../support/in-process';
import { plainEnvironment } from '../support/process';
import { defaultPace, type StageOptions, setStage } from './deploy-stage';

/** If an output has changed on purpose: `UPDATE_DOCS=1 npx jest test/scenarios/documented-output` writes it into its page. */
const source = '/sources/WorkflowSource';

/** The log without the lines that CodeCatalyst reads. */
const shown = (output: string, folder: string) =>
  output
    .replace(/^::set-output .*\n/gm, '')
    .replaceAll(folder, source)
    .trimEnd()
    .concat('\n');

interface Example {
  readonly title: string;
  readonly stage: StageOptions;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly status: number;
}

const appspec = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo: {ContainerName: MyContainer, ContainerPort: 80}
Hooks:
  - AfterAllowTestTraffic: CheckThePage
`;
const seed = { deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes', terminationWait: 5 };
const wrongPage = {
  lambdaFunctionName: 'CheckThePage',
  errorCode: 'ScriptFailed',
  message: 'expected New York on the page, found Las Vegas',
} as const;
const deploymentCircuitBreaker = { enable: true, rollback: true };
const crash = { exitCode: 1, logLines: ['starting', 'cannot connect to db.internal:5432: connection refused'] };

/** In the order of the page. All but the first of each controller are shown from the plan on. */
const examples: readonly Example[] = [
  { title: 'a canary', stage: { seed }, status: 0 },
  {
    title: 'a hook that fails',
    stage: { seed, play: { failHook: { event: 'AfterAllowTestTraffic', diagnostics: wrongPage } } },
    status: 3,
  },
  {
    title: 'tasks that crash',
    stage: { play: { crashTasks: crash } },
    inputs: { 'wait-for-minutes': '3', 'rollback-on': 'failure,timeout' },
    status: 3,
  },
  {
    title: 'a canary under the ECS controller',
    stage: { ecs: { deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5, deploymentCircuitBreaker } } },
    inputs: { strategy: 'canary', 'traffic-shift': '10% 5m' },
    status: 0,
  },
];

describe('docs/guides/reading-the-log.md', () => {
  const page = 'docs/guides/reading-the-log.md';

  it.each(examples)('shows what is printed for $title', async (example) => {
    const stage = await setStage(example.stage);
    if (!example.stage.ecs) stage.write('appspec.yaml', appspec);
    const { log, status } = await stage.deploy({
      inputs: { ...defaultPace, ...example.inputs },
      env: { CATALYST_SOURCE_DIR_WorkflowSource: stage.folder },
    });
    await stage.clear();
    const real = shown(log, stage.folder);
    const fromPlanOn = example.status === 0 ? real : real.slice(real.indexOf('Registered '));
    expect(status).toBe(example.status);
    expect(sampleOf(page, examples.indexOf(example), fromPlanOn)).toBe(fromPlanOn);
  });

  it('shows no other', () => expect(samplesOf(page)).toHaveLength(examples.length));
});

/** Renders a file as CodeCatalyst does. */
async function render(file: object, inputs: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'documented-'));
  writeFileSync(join(folder, 'task.json'), JSON.stringify(file));
  const given = Object.entries({ 'task-definition': 'task.json', ...inputs });
  const { output, status } = await runInProcess('render-task-definition', {
    cwd: folder,
    clock: new SimulationClock(),
    env: {
      ...plainEnvironment,
      CATALYST_SOURCE_DIR_WorkflowSource: folder,
      ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  });
  const [, written = ''] = /^Wrote (\S+) from /m.exec(output) ?? [];
  const rendered = JSON.parse(readFileSync(written, 'utf8')) as RegisterTaskDefinitionRequest;
  rmSync(folder, { recursive: true });
  return { status, log: shown(output, folder), rendered };
}

const web = (container: object) => ({
  family: 'web',
  cpu: '.5 vCPU',
  memory: '1 GB',
  containerDefinitions: [{ name: 'web', ...container }],
});

describe('actions/render-task-definition/README.md', () => {
  const page = 'actions/render-task-definition/README.md';
  const images = '111122223333.dkr.ecr.us-west-2.amazonaws.com/web';

  it('shows how lists are read', async () => {
    const [block] = samplesOf(page);
    // Without the remarks at the right, and the name of the input.
    const list = block!.text
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replace(/ {3,}.*$/, ''))
      .join('\n');
    const image = `${images}:1.0`;
    const { rendered } = await render(web({ image, environment: [{ name: 'DEBUG', value: '1' }] }), {
      'environment-variables': list,
    });
    expect(rendered.containerDefinitions?.[0]?.environment).toEqual([
      { name: 'URL', value: 'https://example.com/?a=1&b=2' },
      { name: 'CERTIFICATE', value: '-----BEGIN CERTIFICATE-----\n…' },
    ]);
  });

  it('shows what is printed', async () => {
    const environment = [
      { name: 'PORT', value: '8080' },
      { name: 'GREETING', value: 'hello' },
    ];
    const { status, log } = await render(web({ image: `${images}:1.0`, environment }), {
      image: `${images}:1.1`,
      cpu: '1024',
      memory: '2048',
      'environment-variables': 'PORT=9090\n-GREETING\nAPI_TOKEN=secret',
    });
    // The end of the file's name is random.
    const real = log.replace(/(?<=task-definition-)\w+(?=\.json)/, 't1wz8exues90');
    expect(status).toBe(0);
    expect(sampleOf(page, 1, real)).toBe(real);
  });
});
