import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostNames } from '../support/hosts';
import { runHere } from '../support/in-process';
import { type HostsScene, openHostsScene } from './hosts-scene';

/** What AWS and the runners give an action. */
const credentials = {
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: `IQoJb3JpZ2luX2VjEHsaCXVzLXdlc3QtMiJHMEUCIQ${'Dk1/+'.repeat(120)}==`,
  AWS_CONTAINER_AUTHORIZATION_TOKEN: 'v1.MjAyNi0xMS0yN1QwMDowMDowMFo&id=<4711>',
  GITHUB_TOKEN: 'ghs_16C7e42F292c6912E7710c838347Ae178B4a',
  ACTIONS_RUNTIME_TOKEN: 'eyJhbGciOiJSUzI1NiJ9.eyJhYyI6Ilt7XCJTY29wZVwi.c2lnbmF0dXJl',
  CI_JOB_TOKEN: 'glcbt-64_x9K2nQmZpL7vR',
  CI_REGISTRY_PASSWORD: `it's "quoted" $HOME`,
};
const values = Object.values(credentials);

/** What of a secret must be seen nowhere: itself, and the middle of it in each encoding. */
function tracesOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from('x'.repeat(shift) + secret)
      .toString('base64')
      .slice(4, 20),
  );
  const html = secret.replace(
    /[&<>"']/g,
    (c) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[c]};`,
  );
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    html,
    Buffer.from(secret).toString('hex'),
  ];
  return [...base64, ...forms.map((form) => form.slice(0, 40))];
}

const encodings: [name: string, encode: (text: string) => string][] = [
  ['as it is', (text) => text],
  ['in upper case', (text) => text.toUpperCase()],
  ['in base64', (text) => Buffer.from(`AWS:${text}`).toString('base64')],
  ['in an address', encodeURIComponent],
  ['in JSON', JSON.stringify],
  ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
  ['cut', (text) => text.slice(0, -3)],
  ['with escapes in it', (text) => `${text.slice(0, 9)}\u001b[0m\u200e`.replace('\u200e', '') + text.slice(9)],
];

let aws: HostsScene['aws'];
let endpoint: HostsScene['endpoint'];
let place: HostsScene['place'];
let close: HostsScene['close'];
beforeEach(async () => {
  ({ aws, endpoint, place, close } = await openHostsScene());
});
afterEach(() => close());

/** Nothing of the credentials is there, in any letter case. */
function expectNoTrace(text: string) {
  const seen = text.toLowerCase();
  for (const trace of values.flatMap(tracesOf)) expect(seen).not.toContain(trace.toLowerCase());
}

describe.each(hostNames)('on %s', (host) => {
  const env = () => ({ ...endpoint.env, ...credentials, RUNNER_DEBUG: '1' });

  it.each(encodings)('no credential is seen that AWS tells %s', async (_, encode) => {
    const message = values.map(encode).join(' | ');
    const refusal = { kind: 'error', code: 'AccessDeniedException', message, status: 400 } as const;
    aws.faults.add({ on: '*', times: 'always', effect: refusal });
    const run = await place.run(
      host,
      'render-task-definition',
      { 'task-definition': 'web', 'container-name': 'a', image: 'a:1' },
      { env: env() },
    );
    expect([run.status, run.everything]).toEqual([
      1,
      expect.stringMatching(/cannot call ecs:DescribeTaskDefinition: .*\*\*\*/),
    ]);
    expectNoTrace(run.everything);
  });

  it('no credential is seen that an input or a file quotes', async () => {
    place.write('task.json', {
      family: 'web',
      containerDefinitions: values.map((value) => ({ name: value, image: value, [value]: 1 })),
    });
    for (const value of values) {
      const inputs = { 'task-definition': 'task.json', 'container-name': value, image: `x:${value}` };
      const run = await place.run(host, 'render-task-definition', inputs, { env: env() });
      expect([run.status, run.everything]).toEqual([2, expect.stringContaining('***')]);
      expectNoTrace(run.everything);
    }
  });

  it('an output that holds one is handed on without it, which is said', async () => {
    const family = 'glcbt-64_x9K2nQmZpL7vR';
    place.write('task.json', { family, containerDefinitions: [{ name: 'a', image: 'a:1', memory: 128 }] });
    const run = await place.run(
      host,
      'render-task-definition',
      { 'task-definition': 'task.json', image: 'a:2' },
      { env: env() },
    );
    expect([run.status, run.everything]).toEqual([
      0,
      expect.stringContaining('output family: holds a secret, which is passed on as ***'),
    ]);
    expectNoTrace(run.everything);
  });
});

describe('a command line', () => {
  it.each(Object.entries(credentials))('that nobody understands does not show %s', async (_, value) => {
    for (const args of [[`--${value}`], [value], ['--json', `--image=${value}`, '--image', value]]) {
      const { status, output } = await runHere('render-task-definition', args, { env: credentials });
      expect(status).toBe(2);
      expectNoTrace(output);
    }
  });
});

describe('credentials that the SDK fetches', () => {
  it('are hidden once they sign a request', async () => {
    const fetched = {
      secretAccessKey: 'FetchedSecret/1234567890abcdefghijklmnop',
      sessionToken: 'FetchedToken+1234567890',
    };
    const message = `${fetched.secretAccessKey} ${Buffer.from(fetched.sessionToken).toString('base64')}`;
    aws.faults.add({
      on: '*',
      times: 'always',
      effect: { kind: 'error', code: 'AccessDeniedException', message, status: 400 },
    });
    const script = `console.log(JSON.stringify({ Version: 1, AccessKeyId: 'AKIDFETCHED', SecretAccessKey: '${fetched.secretAccessKey}', SessionToken: '${fetched.sessionToken}' }))`;
    place.write('credentials.js', script);
    place.write('config', `[default]\ncredential_process = ${process.execPath} ${place.source}/credentials.js\n`);
    const env = {
      AWS_ENDPOINT_URL: endpoint.endpoint,
      AWS_REGION: 'us-west-2',
      AWS_CONFIG_FILE: `${place.source}/config`,
    };
    const run = await place.run(
      'codecatalyst',
      'render-task-definition',
      { 'task-definition': 'web', 'container-name': 'a', image: 'a:1' },
      { env },
    );
    expect(run.everything).toMatch(/cannot call ecs:DescribeTaskDefinition: \*\*\* \*\*\*/);
    for (const trace of Object.values(fetched).flatMap(tracesOf)) expect(run.everything).not.toContain(trace);
  });
});
