import { expect, it } from '@jest/globals';
import { commonArgs } from '../../../../../actions/build-and-push/src/builders/command-line/common-args';
import { spec } from '../spec';

it('gives each thing of the spec its words, as they are and in one order', () => {
  const whole = spec({
    target: 'web',
    platforms: ['linux/arm64'],
    buildArgs: { A: 'b c', Q: '"$(id)"=' },
    labels: { x: '' },
    secrets: [
      { id: 'npm', env: 'NPM_TOKEN' },
      { id: 'key', file: '/src/a key' },
    ],
    options: ['--network', 'host'],
  });
  expect(commonArgs(whole, ['r/app:1', 'r/app:2'])).toEqual([
    ...['--file', '/src/Dockerfile', '--target', 'web', '--platform', 'linux/arm64'],
    ...['--build-arg', 'A=b c', '--build-arg', 'Q="$(id)"=', '--label', 'x='],
    ...['--secret', 'id=npm,env=NPM_TOKEN', '--secret', 'id=key,src=/src/a key'],
    ...['--tag', 'r/app:1', '--tag', 'r/app:2', '--network', 'host', '/src'],
  ]);
});
