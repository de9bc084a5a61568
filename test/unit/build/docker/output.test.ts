import { describe, expect, it } from '@jest/globals';
import {
  failingStep,
  flavourOf,
  isAtLeast,
  isPassing,
  lastWords,
  parseBuildx,
  parseVersion,
  pushedDigest,
} from '../../../../actions/build-and-push/src/docker/output';

describe('what docker says', () => {
  it.each([
    [
      '{"Client":{"Version":"28.2.2"},"Server":{"Version":"20.10.24+dfsg1"}}',
      { client: '28.2.2', server: '20.10.24+dfsg1' },
    ],
    ['{"Client":{"Version":"28.2.2"},"Server":null}', undefined],
    ['Cannot connect to the Docker daemon', undefined],
  ])('version %s', (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it.each([
    ['github.com/docker/buildx v0.11.2 9872040', '0.11.2'],
    ['github.com/docker/buildx 0.10.5+azure-1 1', '0.10.5'],
    ['unknown', undefined],
  ])('buildx %s', (text, version) => {
    expect(parseBuildx(text)).toBe(version);
  });

  it.each([
    ['28.2.2', '0.24.0', 'buildx'],
    ['20.10.24', '0.8.0', 'buildx'],
    ['20.10.24+dfsg1', undefined, 'buildkit'],
    ['18.09.1', undefined, 'buildkit'],
    ['18.06.3', undefined, 'classic'],
    ['23.0.1', undefined, 'classic'],
    ['28.2.2', undefined, 'classic'],
  ])('docker %s with buildx %s is %s', (client, buildx, flavour) => {
    expect(flavourOf(client, buildx)).toBe(flavour);
  });

  it('compares versions by number', () => {
    expect([isAtLeast('0.9.1', [0, 10]), isAtLeast('0.10', [0, 10]), isAtLeast('1.0', [0, 10])]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('finds the digest of a push', () => {
    const digest = `sha256:${'c9d8'.repeat(16)}`;
    expect(pushedDigest(['093c: Pushed', `v1: digest: ${digest} size: 946`])).toBe(digest);
    expect(pushedDigest(['093c: Pushed'])).toBeUndefined();
  });

  it.each([
    ['toomanyrequests: Rate exceeded', true],
    ['received unexpected HTTP status: 500 Internal Server Error', true],
    ['read: connection reset by peer', true],
    ['unexpected EOF', true],
    ['net/http: TLS handshake timeout', true],
    ['denied: Your authorization token has expired', false],
    ['name unknown: The repository does not exist', false],
    ['tag invalid: The image tag is immutable', false],
  ])('%s passes: %s', (line, passing) => {
    expect(isPassing(['pushing', line])).toBe(passing);
  });

  const buildkit = [
    '#5 [2/2] RUN echo working; exit 3',
    '#5 sha256:ac486910e2bc01128daf75452089133663ed94377b728973895969768ae55568',
    '#5 0.221 working',
    '#5 ERROR: process "/bin/sh -c echo working; exit 3" did not complete successfully: exit code: 3',
    '------',
    ' > [2/2] RUN echo working; exit 3:',
    '0.221 working',
    '------',
    'ERROR: failed to solve: process "/bin/sh -c echo working; exit 3" did not complete successfully: exit code: 3',
  ];
  const classic = [
    'Step 2/5 : COPY busybox /bin/sh',
    ' ---> a949e64f9c85',
    'Step 3/5 : RUN echo working; exit 3',
    ' ---> Running in c9eca219a6ae',
    'working',
    "The command '/bin/sh -c echo working; exit 3' returned a non-zero code: 3",
  ];

  it('finds the failing step and the last words', () => {
    expect(failingStep(buildkit)).toBe('[2/2] RUN echo working; exit 3');
    expect(failingStep(classic)).toBe('Step 3/5 : RUN echo working; exit 3');
    expect(failingStep(['no such file'])).toBeUndefined();
    expect(lastWords(classic)).toBe(
      "working | The command '/bin/sh -c echo working; exit 3' returned a non-zero code: 3",
    );
    expect(lastWords(buildkit)).toMatch(/0.221 working \| ERROR: failed to solve.*exit code: 3$/);
    expect(lastWords([])).toBe('');
  });
});
