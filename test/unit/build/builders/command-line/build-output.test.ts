import { describe, expect, it } from '@jest/globals';
import {
  cacheFailure,
  dockerfileWarnings,
  failingLine,
  failingStep,
  lastWords,
  saysTransient,
} from '../../../../../actions/build-and-push/src/builders/command-line/build-output';

describe('what builders say', () => {
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
    expect(saysTransient(['pushing', line])).toBe(passing);
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

  it.each([
    ['Error: building at STEP "RUN /nothing": exit status 1', 'RUN /nothing'],
    ['Error: error building at STEP "COPY x /": copier: stat: "/x": no such file or directory', 'COPY x /'],
  ])('finds the step of podman and buildah in %s', (line, step) => {
    expect(failingStep(['STEP 3/3: RUN ["/nothing"]', line])).toBe(step);
    expect(lastWords(['[1/2] STEP 3/3: RUN ["/nothing"]', '--> 5a1b', line])).toBe(line);
  });

  it('tells a cache that could not be written from one that could not be read', () => {
    const read = [
      '#3 importing cache manifest from 127.0.0.1:5000/app:buildcache',
      '#3 ERROR: failed to configure registry cache importer: 127.0.0.1:5000/app:buildcache: not found',
      '#10 exporting cache to registry',
      '#10 writing cache image manifest sha256:1c9f done',
    ];
    expect(cacheFailure(read)).toBeUndefined();
    expect(cacheFailure([...read, '#10 ERROR: error writing manifest blob: 400 Bad Request', '------'])).toBe(
      'error writing manifest blob: 400 Bad Request',
    );
    expect(cacheFailure([])).toBeUndefined();
  });

  it('tells what BuildKit finds odd, by the lines of the Dockerfile', () => {
    const said = [
      '#1 - Odd: before the end (line 9)',
      ' 2 warnings found (use docker --debug to expand):',
      " - FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)",
      ' - SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ENV "TOKEN") (line 12)',
      ' - no rule',
    ];
    expect(dockerfileWarnings(said)).toEqual([
      { line: 1, text: "FromAsCasing: 'as' and 'FROM' keywords' casing do not match" },
      {
        line: 12,
        text: 'SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ENV "TOKEN")',
      },
    ]);
    expect(dockerfileWarnings(said.slice(2))).toEqual([]);
  });

  it.each([
    [['docker/Dockerfile:7', '--------------------', '   7 | >>> RUN false', '--------------------'], 7],
    [['------', ' > [2/2] RUN false:', '------'], undefined],
    [['ends at 10:30', 'x'], undefined],
    [[], undefined],
  ])('tells the line at which %j failed', (lines, line) => {
    expect(failingLine(lines)).toBe(line);
  });
});
