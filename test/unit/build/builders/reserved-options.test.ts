import { describe, expect, it } from '@jest/globals';
import { checkOptions } from '../../../../actions/build-and-push/src/builders/reserved-options';

describe('checkOptions', () => {
  it('lets be what the action does not set', () => {
    const options = ['--network', 'host', '--no-cache', '--build-context=other=../other', '-q', 'a word', '--format'];
    expect(checkOptions(options)).toEqual([]);
  });

  it.each([
    ['--push', '--push', 'push'],
    ['--tag=x', '--tag', 'tags'],
    ['-t', '-t', 'tags'],
    ['-fDockerfile', '-f', 'dockerfile'],
    ['--iidfile', '--iidfile', 'image-digest'],
    ['-o', '-o', 'push'],
    ['-qtx', '-t', 'tags'],
    ['--builder=x', '--builder', 'the environment variable BUILDX_BUILDER'],
    ['--secret', '--secret', 'secret-envs'],
    ['--platform=linux/arm64', '--platform', 'platforms'],
  ])('refuses %j', (word, name, input) => {
    expect(checkOptions(['--no-cache', word])).toEqual([
      { where: 'build-options', problem: expect.stringMatching(`^must not have ${name}: use ${input}`) },
    ]);
  });
});
