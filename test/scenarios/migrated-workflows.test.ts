import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { fargateTask } from '../support/fargate-task';
import { runGitHubWorkflow } from '../support/github-workflow';
import { type Needs, runByGitHub, runByLocalRunner } from '../support/migrated-runs';
import { openWorkflowScene, project, type WorkflowScene, workflowFile } from '../support/workflow-scene';

let scene: WorkflowScene;
beforeEach(async () => {
  scene = await openWorkflowScene();
});
afterEach(() => scene.close());

/** A workflow as `npm run migrate` leaves it, in the region of the embedded AWS and with its registry. */
const migrated = (name: string) =>
  workflowFile(`test/unit/workflow/migrate/expected/${name}`)
    .replace(/[\w.]+\.dkr\.ecr\.[\w.-]+\.amazonaws\.com/g, scene.endpoint.registryHost)
    .replace(/\b(?:us-east-1|eu-west-1|eu-central-1)\b/g, 'us-west-2');

async function furnish({ repositories = [], services = [], tasks = {}, dockerfiles = [] }: Needs): Promise<void> {
  for (const name of repositories) scene.aws.ecr.createRepository(name);
  for (const one of services) {
    const [cluster, service] = one.split('/') as [string, string];
    const container = Object.values(tasks).find((name) => name === service) ?? Object.values(tasks)[0]!;
    const names = { cluster, service, container, application: one.replace('/', '-'), group: one.replace('/', '-') };
    await scene.aws.compute.seedTutorial({ ...names, terminationWait: 1 });
  }
  rmSync(join(scene.folder, 'appspec.yaml'));
  for (const [file, container] of Object.entries(tasks)) {
    scene.write(file, JSON.stringify(fargateTask(container)));
    scene.write(join(dirname(file), 'appspec.yaml'), appSpec(container));
  }
  for (const file of dockerfiles)
    scene.write(file, 'FROM scratch AS runtime\nARG VERSION\nARG NAME\nLABEL made=here\n');
}

/** The AppSpec of a team. */
const appSpec = (container: string) => `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo: { ContainerName: ${container}, ContainerPort: 80 }
`;

/** What only an engine has: options of a script, and several platforms at once. */
const needsDocker = ['commit-by-git', 'two-environments'];

/** Docker's command line. */
function installDocker(): void {
  const program = join(project, 'test/support/build-fake-docker.cjs');
  const docker = join(scene.path, 'docker');
  const settings = `FAKE_DOCKER_NOTES=${scene.path}/notes FAKE_DOCKER_BUILDX=0.24.0 FAKE_DOCKER_DRIVER=docker-container`;
  writeFileSync(docker, `#!/bin/sh\n${settings} exec node ${program} "$@"\n`);
  chmodSync(docker, 0o755);
  symlinkSync(process.execPath, join(scene.path, 'node'));
}

/** What is there when the workflow has ended: an image in each repository, and one deployment of each service. */
function expectShipped({ repositories = [], services = [] }: Needs): void {
  const pushed = repositories.map((name) => scene.aws.ecr.repository(name).images.size > 0);
  expect(pushed).toEqual(repositories.map(() => true));
  const deployments = scene.aws.compute.state.deployments.map(({ status }) => status);
  expect(deployments).toEqual(services.map(() => 'Succeeded'));
}

it.each(Object.entries(runByLocalRunner))('%s ships on the local runner once it is migrated', async (name, needs) => {
  await furnish(needs);
  if (needsDocker.includes(name)) installDocker();
  const { status, log } = await scene.run(migrated(`codecatalyst/${name}.yaml`));
  expect(status === 0 ? '' : log).toBe('');
  expectShipped(needs);
});

describe.each(Object.entries(runByGitHub))('%s', (name, needs) => {
  it("ships by GitHub's rules once it is migrated", async () => {
    await furnish(needs);
    const inputs = { image: 'public.ecr.aws/nginx/nginx:1.27', environment: 'main' };
    const ends = await runGitHubWorkflow(asWorkflow(name), scene, inputs);
    const failed = Object.values(ends).filter(({ result }) => result !== 'success');
    expect(failed.map(({ log }) => log)).toEqual([]);
    expectShipped(needs);
    const registers = name.includes('register') || needs.services !== undefined;
    expect(scene.aws.mutations().some(({ operation }) => operation === 'RegisterTaskDefinition')).toBe(registers);
  });
});

type Steps = readonly { readonly uses?: string }[];

/** The steps of a composite action, and of CodeCatalyst's action for GitHub's, as those of a job; each job checks out. */
function asWorkflow(name: string): string {
  const file = parse(migrated(name.startsWith('github/') ? `${name}.yml` : `${name}.yaml`)) as {
    readonly jobs?: Readonly<Record<string, { readonly steps: Steps }>>;
    readonly runs?: { readonly steps: Steps };
    readonly Actions?: { readonly Deploy: { readonly Configuration: { readonly Steps: Steps } } };
  };
  const steps = file.runs?.steps ?? file.Actions?.Deploy.Configuration.Steps;
  const jobs = Object.entries(file.jobs ?? { steps: { steps: steps! } }).map(([id, job]) => {
    const isCheckedOut = job.steps.some(({ uses = '' }) => uses.startsWith('actions/checkout@'));
    return [id, { ...job, steps: isCheckedOut ? job.steps : [{ uses: 'actions/checkout@v5' }, ...job.steps] }];
  });
  return stringify({ ...file, jobs: Object.fromEntries(jobs) });
}
