import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { machineVariables } from '../local/runner/environment';
import { runWorkflow, type WorkflowResult } from '../local/runner/run';
import { readSource } from '../local/runner/source';
import { createRepository, type Repository, workflow } from '../local/tour/repository';
import { openTutorialAws, type TutorialAws } from '../local/tour/tutorial-aws';

const project = join(__dirname, '../..');

let folder: string;
let repository: Repository;
let world: TutorialAws;
let lines: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'worse-test-'));
  world = await openTutorialAws();
  repository = createRepository(folder, project);
  repository.edit('Dockerfile', /^ARG BASE=.*$/m, () => `ARG BASE=${world.base}`);
  repository.edit(workflow, 'builder: auto', 'builder: builtin');
  lines = [];
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

/** Runs the tutorial's workflow with what a test has changed. */
function run(): Promise<WorkflowResult> {
  repository.commit('Change for the worse');
  const file = join(folder, workflow);
  return runWorkflow({
    file,
    text: readFileSync(file, 'utf8'),
    source: readSource(folder),
    project,
    machine: machineVariables(process.env),
    aws: world.variables,
    secret: () => undefined,
    show: (line) => lines.push(line),
    colour: false,
    signal: new AbortController().signal,
  });
}

/** The calls that changed something, by service. */
const changed = () => [...new Set(world.aws.mutations().map(({ service }) => service))];
/** What the log says in the way of an error. */
const errors = () => lines.filter((line) => line.startsWith('Error: '));

describe('the tutorial with one thing changed for the worse', () => {
  it.each([
    {
      what: 'a container that is not in the task definition',
      edit: () => repository.edit(workflow, 'container-name: MyContainer', 'container-name: Mine'),
      action: 'RenderAmazonECStaskdefinition',
      line: /Mine.*MyContainer/,
    },
    {
      what: 'no task definition',
      edit: () => repository.edit(workflow, 'task-definition: task.json', 'task-definition: other.json'),
      action: 'RenderAmazonECStaskdefinition',
      line: /other\.json/,
    },
    {
      what: 'a Dockerfile that only a container engine can build',
      edit: () => repository.edit('Dockerfile', 'EXPOSE 80', 'RUN npm ci'),
      action: 'Build_application',
      line: /Dockerfile:8.*RUN/,
    },
    {
      what: 'a service that does not exist',
      edit: () => repository.edit(workflow, 'service: EcsService', 'service: Other'),
      action: 'DeploytoAmazonECS',
      line: /Other/,
    },
  ])('$what: exit status 2, one line, and the service is as it was', async ({ edit, action, line }) => {
    edit();
    const { status, actions } = await run();
    expect({ status, action: actions.at(-1)?.id }).toEqual({ status: 2, action });
    expect(errors()).toEqual([expect.stringMatching(line)]);
    expect(changed().filter((service) => service !== 'registry' && service !== 'ecr')).toEqual([]);
    if (action === 'Build_application')
      expect(world.aws.ecr.repository('codecatalyst-ecs-image-repo').images.size).toBe(0);
  });

  it('a hook that fails: exit status 3, and the traffic is back', async () => {
    const hooks = '        PlatformVersion: "LATEST"\nHooks:\n  - AfterInstall: "CheckTheTasks"\n';
    repository.edit('appspec.yaml', '        PlatformVersion: "LATEST"\n', hooks);
    world.aws.compute.play({ failHook: { event: 'AfterInstall' } });
    const { status, actions } = await run();
    expect({ status, action: actions.at(-1)?.id }).toEqual({ status: 3, action: 'DeploytoAmazonECS' });
    expect(errors()).toEqual([expect.stringMatching(/AfterInstall.*rolled back|rolled back.*AfterInstall/)]);
    const [share] = world.aws.compute.traffic(world.seeded.productionListenerArn).filter(({ weight }) => weight > 0);
    expect(share).toMatchObject({ weight: 100, targetGroupArn: world.seeded.blueTargetGroupArn });
  });

  it('AWS that throttles to the end: exit status 1, and nothing was changed', async () => {
    world.aws.faults.add({ on: 'ecs:*', times: 'always', effect: { kind: 'throttle' } });
    const { status } = await run();
    expect(status).toBe(1);
    expect(errors()).toEqual([expect.stringMatching(/Nothing was changed/)]);
    expect(world.aws.mutations().filter(({ service, outcome }) => service !== 'registry' && outcome === 'ok')).toEqual(
      [],
    );
  });

  it('AWS that throttles for a while: done all the same', async () => {
    world.aws.faults.add({ on: 'codedeploy:*', after: 1, times: 2, effect: { kind: 'throttle' } });
    expect((await run()).status).toBe(0);
  });
});
