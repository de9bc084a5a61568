import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { resultText } from '../../../shared/host/results';
import { fc } from '../../support/properties';

describe('the outputs', () => {
  const values = {
    'task-definition-arn': 'arn:aws:ecs:us-west-2:1:task-definition/web:7',
    changes: "1 of 'app'",
    n: '',
  };

  it('as text are a list', () => {
    expect(resultText('text', { a: '1', b: 'x\ny' }, 'it failed')).toBe('a=1\nb=x\n  y\n');
  });

  it('as JSON have the error where it failed', () => {
    expect(JSON.parse(resultText('json', { a: '1' }, undefined))).toEqual({ a: '1' });
    expect(JSON.parse(resultText('json', { a: '1' }, 'cannot do it'))).toEqual({ a: '1', error: 'cannot do it' });
  });

  it('as dotenv have names without hyphens, and quotes only where a shell needs them', () => {
    expect(resultText('dotenv', { ...values, path: '/tmp/a b', cost: '$5', two: 'a\nb' }, undefined)).toBe(
      [
        'task_definition_arn=arn:aws:ecs:us-west-2:1:task-definition/web:7',
        `changes="1 of 'app'"`,
        'n=',
        "path='/tmp/a b'",
        "cost='$5'",
        "two='a b'",
        '',
      ].join('\n'),
    );
  });

  it('as dotenv are in a shell what they were', () => {
    const word = fc.string({ maxLength: 30 }).filter((text) => !/[^ -~]/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 20, maxLength: 20 }), (texts) => {
        const all = Object.fromEntries(texts.map((text, at) => [`v-${at}`, text]));
        const script = `${resultText('dotenv', all, undefined)}\nprintf '%s\\n' ${texts.map((_, at) => `"$v_${at}"`).join(' ')}`;
        expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(
          texts.map((text) => `${text}\n`).join(''),
        );
      }),
      { numRuns: 5 },
    );
  });
});
