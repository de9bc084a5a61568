import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import type { Aws, AwsOptions } from '../../../shared/aws/clients';
import { systemClock } from '../../../shared/clock';
import type { Action, Context } from '../../../shared/host/action';
import { runIn } from '../../../shared/host/run-in';
import { defineAction } from '../../../shared/manifest/definition';

const definition = defineAction({
  name: 'probe',
  displayName: 'Probe',
  description: 'Does what it is told.',
  compute: ['EC2'],
  needs: { source: false, account: false },
  inputs: {},
  outputs: { value: 'A value.' },
});

function output() {
  const written: string[] = [];
  return { isTTY: false, write: (text: string) => void written.push(text), text: () => written.join('') };
}

const secret = 'wJalrXUtnFEMIK7MDENG';

/** Runs a job in a shell. The clients of AWS that it opens find the credentials of a role. */
async function run(env: Readonly<Record<string, string>>, job: Action<typeof definition>['job']) {
  const [stdout, stderr] = [output(), output()];
  const status = await runIn(
    { definition, job },
    {
      env,
      argv: ['--format', 'json'],
      stdin: () => Readable.from([]),
      working: () => '/',
      tempRoot: '/',
      stdout,
      stderr,
      clock: systemClock,
      events: new EventEmitter(),
      exit: () => {},
      aws: ({ onSecret }: AwsOptions) => {
        onSecret?.(secret);
        return { changed: () => false, close: () => {} } as unknown as Aws;
      },
    },
  );
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

it('passes no credential of the environment on in an output', async () => {
  const job = async () => ({ outputs: { value: `key ${secret}.` } });
  const { status, stdout, stderr } = await run({ AWS_SECRET_ACCESS_KEY: secret }, job);
  expect([status, JSON.parse(stdout)]).toEqual([0, { value: 'key ***.' }]);
  expect(stderr).toContain('output value: holds a secret, which is passed on as ***');
});

it('shows no credential that the SDK has found', async () => {
  const job = async ({ aws, log }: Context) => {
    aws('us-west-2');
    log.info(`The key is ${secret}.`);
    return { outputs: { value: secret } };
  };
  const { status, stdout, stderr } = await run({}, job);
  expect([status, JSON.parse(stdout)]).toEqual([0, { value: '***' }]);
  expect(stderr).toContain('The key is ***.');
});
