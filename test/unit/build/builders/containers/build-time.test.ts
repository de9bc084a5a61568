import { describe, expect, it } from '@jest/globals';
import { timeArgs, withoutDate } from '../../../../../actions/build-and-push/src/builders/containers/build-time';
import { spec } from '../spec';

const asked = { SOURCE_DATE_EPOCH: '60' };
const newer = ['--source-date-epoch', '60', '--rewrite-timestamp'];

describe('the time of a build with podman or buildah', () => {
  it.each([
    ['the epoch', {}, {}, ['--timestamp', '0']],
    ['that of the environment', {}, { SOURCE_DATE_EPOCH: '86400' }, ['--timestamp', '86400']],
    ['that of the build argument', asked, { SOURCE_DATE_EPOCH: '86400' }, ['--timestamp', '60']],
  ])('is %s', (_, buildArgs, env, words) => {
    expect(timeArgs('buildah', '1.28.2', spec({ buildArgs }), env)).toEqual(words);
  });

  it.each([
    ['buildah', '1.40.1', ['--timestamp', '60']],
    ['buildah', '1.41.0', newer],
    ['buildah', '2.0.0-dev', newer],
    ['podman', '5.5.2', ['--timestamp', '60']],
    ['podman', '5.6.0', newer],
    ['podman', '', ['--timestamp', '60']],
  ] as const)('is said to %s %s, which may read the argument itself, in its own way', (name, version, words) => {
    expect(timeArgs(name, version, spec({ buildArgs: asked }), {})).toEqual(words);
  });

  it.each(['--timestamp=5', '--timestamp', '--source-date-epoch=5'])('is left to build-options with %s', (option) => {
    expect(timeArgs('podman', '5.6.0', spec({ options: [option] }), {})).toEqual([]);
  });

  it('is not read from the environment by the builder', () => {
    expect(withoutDate({ SOURCE_DATE_EPOCH: '60', PATH: '/bin' })).toEqual({ PATH: '/bin' });
  });
});
