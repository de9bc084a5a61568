import { describe, expect, it } from '@jest/globals';
import { after, before, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import { family, on, pinned, running, serviceOf, taskDefinition } from './deploy-stage';

const [rolling] = strategies;
const roleArn = 'arn:aws:iam::123456789012:role/EcsVolumes';

describe('the inputs of amazon-ecs-deploy-task-definition', () => {
  it(
    'register without deploying',
    on({}, async ({ deploy }) => {
      const inputs = { service: '', 'register-only': 'true' };
      const first = await deploy({ inputs });
      expect(first).toMatchObject({ status: 0, changes: ['RegisterTaskDefinition'] });
      expect(first.outputs).toEqual({
        region: 'us-west-2',
        'task-definition-arn': expect.stringMatching(`/${family}:2$`),
        'deployment-status': 'REGISTERED',
      });
      const again = await deploy({ inputs });
      expect([again.status, again.changes]).toEqual([0, []]);
      expect(again.log).toContain('nothing was deployed');
      const dry = await deploy({ inputs: { ...inputs, 'dry-run': 'true' } });
      expect(dry).toMatchObject({ status: 0, changes: [], outputs: { region: 'us-west-2' } });
    }),
  );

  it(
    'refuse a definition that cannot be registered',
    on({}, async ({ deploy, write }) => {
      write('task.json', { ...taskDefinition(), cpu: '257' });
      const { status, changes, log } = await deploy({ inputs: { service: '', 'register-only': 'true' } });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toMatch(/task\.json.* cpu/);
    }),
  );

  it.each<[Record<string, string>, RegExp]>([
    [{ service: '' }, /service: is required but not set; set it, or register-only: true/],
    [{ 'register-only': 'true' }, /register-only: cannot be combined with service/],
    [{ 'propagate-tags': 'service' }, /propagate-tags: must be one of SERVICE/],
    [{ 'service-managed-ebs-volume': '{"sizeInGiB":' }, /service-managed-ebs-volume: must be a JSON object/],
    [
      { 'service-managed-ebs-volume-name': 'ebs1', 'service-managed-ebs-volume': '{"sizeInGiB":"30"}' },
      /sizeInGiB must be a number.*requires roleArn/s,
    ],
    [
      {
        'service-managed-ebs-volume-name': 'ebs1',
        'service-managed-ebs-volume': `{"sizeInGib":30,"roleArn":"${roleArn}"}`,
      },
      /has no field sizeInGib, did you mean sizeInGiB\?/,
    ],
  ])('refuse %j before anything is changed', async (inputs, problem) => {
    await on({}, async ({ deploy }) => {
      const { status, changes, log } = await deploy({ inputs });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toMatch(problem);
    })();
  });

  // amazon-ecs-deploy-task-definition leaves all of these out, or cuts them to what it can do.
  it.each<[Record<string, string>, string]>([
    [
      { 'service-managed-ebs-volume-name': 'ebs1', 'service-managed-ebs-volume': '{}' },
      'service-managed-ebs-volume-name is not used: service-managed-ebs-volume is not set',
    ],
    [
      { 'service-managed-ebs-volume': '{"sizeInGiB":"30"}' },
      'service-managed-ebs-volume is not used: service-managed-ebs-volume-name is not set',
    ],
    [
      {
        'service-managed-ebs-volume-name': 'ebs1',
        'service-managed-ebs-volume': `{"_note":"data","roleArn":"${roleArn}"}`,
      },
      'service-managed-ebs-volume: this version does not know _note, and leaves it out',
    ],
    [
      {
        'run-task': 'true',
        'run-task-tags': '[{"key":"a","value":"b","Comment":"c"}]',
        'run-task-container-overrides': '[{"name":"MyContainer","tomorrow":1}]',
      },
      'run-task-tags: this version does not know Comment, and leaves it out',
    ],
    [{ 'wait-for-minutes': '4320' }, 'wait-for-minutes is 4320, but this run waits for 2880 minutes at most'],
  ])('deploy with %j, and tell what is left out', async (inputs, note) => {
    await onService(rolling, {}, async (stage) => {
      stage.write('task.json', running(pinned));
      const { status, log } = await stage.deploy({ inputs });
      expect(log).toContain(`Note: ${note}`);
      expect(status).toBe(0);
    })();
  });

  it(
    'wait for nothing where wait-for-service-stability is false, and as always where it is true',
    onService(rolling, {}, async ({ deploy }) => {
      const left = await deploy({ inputs: { 'wait-for-service-stability': 'false' } });
      expect([left.status, left.outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      const stayed = await deploy({ inputs: { 'wait-for-service-stability': 'true', 'wait-max-delay-seconds': '1' } });
      expect([stayed.status, stayed.outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
    }),
  );

  it(
    'set the options of tags and the volume with the deployment',
    onService(rolling, {}, async (stage) => {
      stage.write('task.json', running(pinned));
      const volume = { sizeInGiB: 30, volumeType: 'gp3', encrypted: true, roleArn };
      const inputs = {
        'enable-ecs-managed-tags': 'true',
        'propagate-tags': 'SERVICE',
        'service-managed-ebs-volume-name': 'ebs1',
        'service-managed-ebs-volume': JSON.stringify(volume),
        'keep-null-value-keys': 'command',
      };
      const { status, log } = await stage.deploy({ inputs });
      expect(status).toBe(0);
      expect(log).toContain('keep-null-value-keys is not needed');
      expect(serviceOf(stage)).toMatchObject({
        managedTags: true,
        propagateTags: 'SERVICE',
        volumes: [{ name: 'ebs1', managedEBSVolume: volume }],
      });
      const again = await stage.deploy({ inputs });
      expect([again.outputs['deployment-status'], again.changes]).toEqual(['UNCHANGED', []]);
    }),
  );

  it(
    'give a service that stays as it is the options of its tags, and deploy again for another volume',
    onService(rolling, { ecs: { image: pinned } }, async (stage) => {
      stage.write('task.json', running(pinned));
      const tags = await stage.deploy({ inputs: { 'propagate-tags': 'TASK_DEFINITION' } });
      expect([tags.outputs['deployment-status'], tags.changes]).toEqual(['UNCHANGED', ['UpdateService']]);
      expect(serviceOf(stage).propagateTags).toBe('TASK_DEFINITION');
      const inputs = {
        'service-managed-ebs-volume-name': 'ebs1',
        'service-managed-ebs-volume': JSON.stringify({ roleArn }),
      };
      const volume = await stage.deploy({ inputs });
      expect(volume.outputs['deployment-status']).toBe('SUCCEEDED');
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${before}`]);
    }),
  );

  it(
    'are said to change nothing where CodeDeploy deploys the service, whose id is told under its own name',
    on({}, async ({ deploy }) => {
      const { status, log, outputs } = await deploy({ inputs: { 'propagate-tags': 'SERVICE' } });
      expect(status).toBe(0);
      expect(log).toContain('not used, because CodeDeploy deploys the service: propagate-tags');
      expect(outputs['codedeploy-deployment-id']).toMatch(/^d-/);
      expect(outputs['codedeploy-deployment-id']).toBe(outputs['deployment-id']);
    }),
  );

  it(
    'leave the output of CodeDeploy empty under the ECS controller',
    onService(rolling, {}, async (stage) => {
      const { outputs } = await stage.deploy();
      expect(outputs).not.toHaveProperty('codedeploy-deployment-id');
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${after}`]);
    }),
  );
});
