/** A small action that does what it is told, to try the host layer in a real process. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActionError, refuse } from '../../shared/errors';
import { type Context, type Outcome, runAction } from '../../shared/host/run-action';
import { type ActionDefinition, defineAction, optional, required } from '../../shared/manifest/definition';
import { parseInputs } from '../../shared/manifest/parse';
import { choice, flag, list, number, text } from '../../shared/manifest/types';

const group = { group: 'All', description: 'What it is.' };
const deeds = [
  'succeed',
  'fail',
  'refuse',
  'crash',
  'stray',
  'wait',
  'hang',
  'call',
  'leave-secret',
  'talk',
  'unpack',
  'lock',
  'write',
  'displace',
] as const;
const definition = defineAction({
  name: 'probe',
  displayName: 'Probe',
  description: 'Does what it is told.',
  compute: ['EC2'],
  needs: { source: false, account: false },
  inputs: {
    deed: required(choice(deeds), group),
    value: optional(text, group),
    'some-flag': optional(flag, group),
    count: optional(number({ min: 1 }), group),
    words: optional(list(), group),
  },
  outputs: { value: 'The value.', folder: 'The private folder.' },
});

function read(raw: Context['raw']) {
  const { inputs, findings } = parseInputs(definition, raw);
  refuse(findings);
  return inputs;
}

const job = async (context: Context): Promise<Outcome<typeof definition>> => {
  const { deed, value: given = 'none', words } = read(context.raw);
  const value = words?.join('+') ?? given;
  const folder = context.temp.path();
  writeFileSync(join(folder, 'left-behind'), 'x');
  context.log.info(`folder ${folder}`);
  const outputs = { value, folder };
  switch (deed) {
    case 'succeed':
      return { outputs, summary: `Value ${value}.` };
    case 'lock':
      mkdirSync(join(folder, 'locked/inner'), { recursive: true });
      for (const path of ['locked/inner', 'locked']) chmodSync(join(folder, path), 0o500);
      return { outputs };
    case 'write':
      writeFileSync(value, 'x');
      return { outputs };
    case 'displace':
      rmSync(value);
      mkdirSync(value);
      return { outputs };
    case 'unpack':
      return { outputs: { ...outputs, value: JSON.parse(value) as string } };
    case 'fail':
      return { outputs, failure: new ActionError('cannot do it: it was rolled back; look at it', { exit: 3 }) };
    case 'refuse':
      throw new ActionError('cannot do it: "no"\nand more', { details: ['one', 'two'] });
    case 'crash':
      throw new TypeError('x is not a function');
    case 'stray':
      setTimeout(() => void Promise.reject(new Error('nobody awaits me')), 1);
      return new Promise<never>(() => setInterval(() => {}, 1000));
    case 'leave-secret':
      context.log.mask(value);
      context.log.info(`the secret is ${value}`);
      return { outputs, summary: value };
    case 'hang':
      context.log.info('hanging');
      return new Promise<never>(() => setInterval(() => {}, 1000));
    case 'wait':
      context.log.info('waiting');
      await context.clock.sleep(60_000, context.signal);
      return { outputs };
    case 'talk':
      for (const word of ['one', 'two', 'three', 'four']) {
        context.log.info(word);
        await context.clock.sleep(30);
      }
      writeFileSync(value, 'said it all');
      return { outputs };
    case 'call': {
      const ecs = await context.aws('us-west-2').ecs();
      await ecs.describeClusters({ clusters: [value] });
      return { outputs };
    }
  }
};

// Shorter than that of the actions: a job that hangs is left after it.
const grace = process.env['PROBE_GRACE'];
void runAction({
  definition: definition as ActionDefinition,
  job: job as (context: Context) => Promise<Outcome<ActionDefinition>>,
  ...(grace && { graceMs: Number(grace) }),
});
