import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultEffect } from '../local/aws/faults';
import { openScene, type Scene } from './build-scene';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const repositoryFor = (call: string) => (call === 'CreateRepository' ? 'team/new' : 'team/app');

/** Pushes with a call of ECR failing, to a new repository where it is the call that creates one. */
async function push(call: string, effect: FaultEffect, times: number | 'always') {
  scene.aws.faults.add({ on: `ecr:${call}`, effect, times });
  const inputs = { repository: repositoryFor(call), 'create-repository': 'true', tags: 'v1' };
  const result = await scene.run(inputs);
  expect(readdirSync(scene.temp)).toEqual([]);
  return {
    ...result,
    asked: scene.aws.calls.filter(({ operation }) => operation === call).length,
    sent: scene.aws.calls.filter(({ service }) => service === 'registry').length,
  };
}

const calls = ['GetAuthorizationToken', 'DescribeRepositories', 'DescribeImages', 'CreateRepository'];
const drops: FaultEffect[] = [
  { kind: 'drop', when: 'before' },
  { kind: 'drop', when: 'after' },
];
const failures: FaultEffect[] = [{ kind: 'status', status: 500 }, { kind: 'throttle' }, ...drops];

describe.each(calls)('ecr:%s', (call) => {
  it.each(failures)('is tried again after %j', async (effect) => {
    const { status, errors, outputs, asked } = await push(call, effect, 1);
    expect([status, errors]).toEqual([0, []]);
    expect(asked).toBe(2);
    const stored = scene.aws.ecr.repository(repositoryFor(call)).tags.get('v1');
    expect(stored).toMatch(/^sha256:/);
    expect(outputs['image-digest']).toBe(stored);
  });

  it.each(failures)('fails with one line, and nothing is pushed, where %j does not end', async (effect) => {
    const { status, errors, outputs, asked, sent } = await push(call, effect, 'always');
    expect([status, errors]).toEqual([1, [expect.stringMatching(/^Error: cannot [^;]+; .+/)]]);
    expect([asked, sent, outputs['IMAGE']]).toEqual([6, 0, undefined]);
  });
});

it.each(calls)('ecr:%s is named in the line where it does not answer well in the end', async (call) => {
  const { errors } = await push(call, { kind: 'status', status: 500 }, 'always');
  expect(errors).toEqual([expect.stringContaining(`cannot call ecr:${call}: AWS failed (HTTP status 500)`)]);
});

it.each(calls.slice(0, 3))('ecr:%s that does not end well has changed nothing, and the line says so', async (call) => {
  for (const effect of failures) {
    scene.aws.faults.clear();
    const { errors } = await push(call, effect, 'always');
    expect(errors).toEqual([expect.stringMatching(`cannot call ecr:${call}: .* Nothing was changed\\.$`)]);
  }
  expect(scene.aws.mutations()).toEqual([]);
});

it.each(['GetAuthorizationToken', 'CreateRepository'])('ecr:%s that is refused is not tried again', async (call) => {
  const { status, errors, asked, sent } = await push(call, { kind: 'refuse' }, 'always');
  expect([status, errors]).toEqual([1, [expect.stringContaining(`allow ecr:${call} to the role`)]]);
  expect([asked, sent]).toEqual([1, 0]);
});

it.each(['DescribeRepositories', 'DescribeImages'])('ecr:%s that is refused is no hindrance', async (call) => {
  const { status, errors, asked } = await push(call, { kind: 'refuse' }, 'always');
  expect([status, errors, asked]).toEqual([0, [], 1]);
  expect(scene.aws.ecr.repository('team/app').tags.has('v1')).toBe(true);
});
