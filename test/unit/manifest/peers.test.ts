import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../../../shared/dev/peers/peer';
import { peers } from '../../../shared/dev/peers/peers';

/** The inputs in the manifests of the peers. */
const manifests: Readonly<Record<string, readonly string[]>> = {
  'docker/build-push-action': [
    ...['add-hosts', 'allow', 'annotations', 'attests', 'build-args', 'build-contexts', 'builder', 'cache-from'],
    ...['cache-to', 'call', 'cgroup-parent', 'context', 'file', 'labels', 'load', 'network', 'no-cache'],
    ...['no-cache-filters', 'outputs', 'platforms', 'provenance', 'pull', 'push', 'sbom', 'secrets', 'secret-envs'],
    ...['secret-files', 'shm-size', 'ssh', 'tags', 'target', 'ulimit', 'github-token'],
  ],
  'aws-actions/amazon-ecs-render-task-definition': [
    ...['task-definition', 'task-definition-arn', 'task-definition-family', 'task-definition-revision'],
    ...['container-name', 'image', 'environment-variables', 'log-configuration-log-driver'],
    ...['log-configuration-options', 'docker-labels', 'command', 'task-role-arn', 'execution-role-arn'],
    ...['env-files', 'secrets'],
  ],
  'aws-actions/amazon-ecs-deploy-task-definition': [
    ...['task-definition', 'desired-count', 'service', 'cluster', 'wait-for-service-stability', 'wait-for-minutes'],
    ...['wait-max-delay-seconds', 'codedeploy-appspec', 'codedeploy-application', 'codedeploy-deployment-group'],
    ...['codedeploy-deployment-description', 'codedeploy-deployment-config', 'force-new-deployment'],
    ...['service-managed-ebs-volume-name', 'service-managed-ebs-volume', 'run-task', 'run-task-container-overrides'],
    ...['run-task-security-groups', 'run-task-subnets', 'run-task-assign-public-IP'],
    ...['run-task-capacity-provider-strategy', 'run-task-launch-type', 'run-task-started-by', 'run-task-tags'],
    ...['run-task-managed-ebs-volume-name', 'run-task-managed-ebs-volume', 'wait-for-task-stopped'],
    ...['enable-ecs-managed-tags', 'propagate-tags', 'keep-null-value-keys', 'max-retries'],
  ],
};

describe.each(peers.map((peer) => [peer.name, peer] as const))('%s', (name, peer) => {
  it('has a row for each of its inputs', () => {
    expect(rowsOf(peer).inputs.map((row) => row.peer)).toEqual(manifests[name]);
  });

  it('is not documented where an input or output would be lost', () => {
    for (const lost of [{ inputs: { nowhere: '' } }, { outputs: { nowhere: '' } }])
      expect(() => rowsOf({ ...peer, ...lost })).toThrow(`nowhere of ${name} is neither`);
  });

  it('tells the reason of an input that is refused', () => {
    const ours = { ...peer.ours, refused: { load: { reason: 'does not exist; push it' } } };
    expect(rowsOf({ ...peer, ours, inputs: { load: '' } }).inputs).toEqual([
      { peer: 'load', ours: 'refused', text: 'does not exist; push it.' },
    ]);
  });
});
