import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Deployed, on, type Stage } from './deploy-stage';
import { type Rewrite, rewritingAws } from './rewriting-aws';

const secret = { AWS_SESSION_TOKEN: 'hunter2-hunter2' };

function expectRefused({ status, log, changes }: Deployed, line: RegExp): void {
  const errors = log.split('\n').filter((text) => /^Error: /.test(text));
  expect({ status, errors, changes }).toEqual({ status: 2, errors: [expect.stringMatching(line)], changes: [] });
  expect(log).not.toMatch(/unexpected error|call stack|hunter2|^\s+at /im);
}

const spec =
  'version: 0.0\nResources:\n- T:\n    Type: AWS::ECS::Service\n    Properties:\n      LoadBalancerInfo: {ContainerName: MyContainer, ContainerPort: 80}\n';

describe('an AppSpec', () => {
  it.each<[what: string, make: (stage: Stage) => void, line: RegExp]>([
    [
      'is a link to the environment',
      ({ folder }) => symlinkSync('/proc/self/environ', join(folder, 'appspec.yaml')),
      /appspec\.yaml is a device or a file of the kernel/,
    ],
    [
      'is a link to a device',
      ({ folder }) => symlinkSync('/dev/zero', join(folder, 'appspec.yml')),
      /appspec\.yml is a device or a file of the kernel/,
    ],
    [
      'is a link out of the source',
      ({ folder }) => symlinkSync('/etc/passwd', join(folder, 'appspec.yaml')),
      /is a link to a file outside of the source/,
    ],
    [
      'is a pipe',
      ({ folder }) => void spawnSync('mkfifo', [join(folder, 'appspec.yaml')]),
      /codedeploy-appspec: appspec\.yaml is not a file/,
    ],
    [
      'is too large',
      ({ write }) => write('appspec.yaml', `${spec}# ${'x'.repeat(1_100_000)}`),
      /codedeploy-appspec: appspec\.yaml is larger than 1 MiB/,
    ],
    [
      'is too deep',
      ({ write }) => write('appspec.yaml', `${spec}# "\nx: ${'['.repeat(400_000)}`),
      /appspec\.yaml:8:\d+: is nested too deeply to be an AppSpec$/,
    ],
    [
      'multiplies aliases',
      ({ write }) =>
        write(
          'appspec.yaml',
          `${spec}a0: &a0 [x]\n${Array.from({ length: 12 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`)}]`).join('\n')}`,
        ),
      /holds too many values/,
    ],
    [
      'is YAML with a secret that is none',
      ({ write }) => write('appspec.yaml', 'token: hunter2: hunter2'),
      /is not YAML: Nested mappings are not allowed in compact mappings$/,
    ],
  ])('that %s is refused in one line', (_, make, line) =>
    on({}, async (stage) => {
      make(stage);
      expectRefused(await stage.deploy({ env: secret }), line);
    })(),
  );

  it('with 20,000 anchors and aliases is read', () =>
    on({}, async (stage) => {
      const notes = Array.from({ length: 20_000 }, (_, at) => `  a${at}: &a${at} 1\n  b${at}: *a${at}`).join('\n');
      stage.write('appspec.yaml', `${spec}x:\n${notes}`);
      expect((await stage.deploy({ inputs: { 'dry-run': 'true' } })).status).toBe(0);
    })());
});

/** Deploys past an AWS that says what it likes. */
async function deployPast(stage: Stage, rewrite: Rewrite, inputs: Readonly<Record<string, string>> = {}) {
  const { endpoint } = await stage.aws.listen();
  const middle = await rewritingAws(endpoint, rewrite);
  try {
    const deployed = await stage.deploy({ env: { AWS_ENDPOINT_URL: middle.endpoint }, inputs });
    return { ...deployed, calls: middle.calls };
  } finally {
    await middle.close();
  }
}

describe('a list of AWS that does not end', () => {
  const search = { 'codedeploy-application': '', 'codedeploy-deployment-group': '' };
  const endless =
    (page: { next: number }, isSame: boolean): Rewrite =>
    (call, answer) =>
      call === 'ListApplications'
        ? { ...answer, applications: [], nextToken: isSame ? 'same' : `t${page.next++}` }
        : answer;

  it.each([
    ['that repeats itself', true, 2],
    ['that goes on and on', false, 100],
  ])('%s is given up, and nothing is changed', (_, isSame, most) =>
    on({}, async (stage) => {
      const { status, log, changes, calls } = await deployPast(stage, endless({ next: 0 }, isSame), search);
      expect({ status, changes }).toEqual({ status: 1, changes: [] });
      expect(log).toMatch(
        /^Error: cannot search CodeDeploy for the deployment group: its list of applications does not end; set/m,
      );
      expect(calls.get('ListApplications')).toBe(most);
    })(),
  );
});

const nasty = `\u0085::stop-commands::x\r\n::set-output name=deployment-status::SUCCEEDED\n\u001b]0;title\u0007\u001b[2J\u202e${'x'.repeat(20_000)}`;

/** Everything that AWS says in words is hostile, and its lists are far too long. */
const hostile: Rewrite = (call, answer) => {
  // biome-ignore lint/suspicious/noExplicitAny: answers of seven calls.
  const { services, deploymentInfo, deploymentTargets, tasks, events } = answer as Record<string, any>;
  const text = (at: number) => `${at} ${nasty.slice(0, 300)}`;
  switch (call) {
    case 'DescribeServices': {
      const one = (at: number) => ({ id: `e${at}`, createdAt: Date.now() / 1000 + 1e9, message: `${text(at)}` });
      return {
        ...answer,
        services: services.map((service: object) => ({
          ...service,
          events: Array.from({ length: 2_000 }, (_, at) => one(at)),
        })),
      };
    }
    case 'GetDeployment':
      return deploymentInfo.errorInformation
        ? { deploymentInfo: { ...deploymentInfo, errorInformation: { code: nasty, message: nasty } } }
        : answer;
    case 'BatchGetDeploymentTargets': {
      const [target] = deploymentTargets;
      const more = Array.from({ length: 1_000 }, (_, at) => ({
        lifecycleEventName: text(at),
        status: 'Failed',
        diagnostics: { message: text(at) },
      }));
      const lifecycleEvents = [...target.ecsTarget.lifecycleEvents, ...more];
      return { deploymentTargets: [{ ...target, ecsTarget: { ...target.ecsTarget, lifecycleEvents } }] };
    }
    case 'DescribeTasks':
      return { tasks: tasks.flatMap((task: object) => Array(50).fill({ ...task, stoppedReason: nasty })) };
    case 'GetLogEvents':
      return { ...answer, events: Array(1_000).fill({ ...events[0], message: text(0) }) };
    default:
      return answer;
  }
};

describe('an AWS whose texts are hostile', () => {
  it('fills no log and commands no host', () =>
    on({ play: { crashTasks: { exitCode: 3, logLines: ['x'] } } }, async (stage) => {
      const { status, log, outputs } = await deployPast(stage, hostile, { 'wait-for-minutes': '3' });
      expect(status).not.toBe(0);
      expect(outputs['deployment-status']).not.toBe('SUCCEEDED');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
      expect(log.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202a-\u202e]/g)).toBeNull();
      expect(log.split('\n').filter((line) => /^\s*::/.test(line))).toEqual([]);
      expect(Math.max(...log.split('\n').map((line) => line.length))).toBeLessThan(5_000);
      expect(log.length).toBeLessThan(200_000);
      expect(log).not.toContain('unexpected error');
    })());
});
