import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedAws } from '../local/aws/embedded';
import { type ActionName, actionBundle } from './bundles';
import { type Ended, runNode } from './process';

const drivenClock = join(__dirname, 'driven-clock.cjs');
const dockerfile = 'FROM scratch\nCOPY page.html /\nEXPOSE 80\nCMD ["/serve"]\n';
const taskDefinition = {
  family: 'CdkEcsInfraStackTaskDef',
  executionRoleArn: 'arn:aws:iam::123456789012:role/AppRole',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    {
      name: 'MyContainer',
      image: 'placeholder:1',
      essential: true,
      portMappings: [{ containerPort: 80, protocol: 'tcp' }],
    },
  ],
};

/** Builds, renders and deploys with the bundles on one Node, as CodeCatalyst does; answers how each action ended. */
export async function runMainPath(node: string): Promise<Record<ActionName, Ended>> {
  const source = mkdtempSync(join(tmpdir(), 'main-path-'));
  const aws = createEmbeddedAws();
  try {
    const { env } = await aws.listen();
    aws.ecr.createRepository('app');
    await aws.compute.seedTutorial();
    for (const [name, text] of Object.entries({ Dockerfile: dockerfile, 'page.html': '<h1>New York</h1>' })) {
      writeFileSync(join(source, name), text);
    }
    writeFileSync(join(source, 'task.json'), JSON.stringify(taskDefinition));
    mkdirSync(join(source, 'tmp'));
    const run = (action: ActionName, inputs: Record<string, string>) => {
      const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
      return runNode(actionBundle(action), [], {
        node,
        cwd: source,
        nodeArguments: ['--require', drivenClock],
        env: {
          ...env,
          EMBEDDED_CLOCK_URL: env['AWS_ENDPOINT_URL'],
          CATALYST_SOURCE_DIR_WorkflowSource: source,
          TMPDIR: join(source, 'tmp'),
          ...Object.fromEntries(given),
        },
      });
    };
    const output = ({ stdout }: Ended, name: string) =>
      new RegExp(`^::set-output name=${name}::(.*)$`, 'm').exec(stdout)?.[1] ?? '';
    const build = await run('build-and-push', { repository: 'app', tags: 'one', builder: 'builtin' });
    const image = output(build, 'IMAGE');
    const render = await run('render-task-definition', { 'task-definition': 'task.json', image });
    const deploy = await run('ecs-bluegreen-deploy', {
      'task-definition': output(render, 'task-definition'),
      cluster: 'EcsCluster',
      service: 'EcsService',
    });
    return { 'build-and-push': build, 'render-task-definition': render, 'ecs-bluegreen-deploy': deploy };
  } finally {
    await aws.close();
    rmSync(source, { recursive: true });
  }
}
