import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { outputLine, runSummary } from '../../../shared/host/codecatalyst';
import { environmentInputs } from '../../../shared/host/inputs';
import { fc } from '../../support/properties';

/** How AWS's local runner reads an output. */
const pattern = /^::([^ ]+)( (.+))?::([^\r\n]*)[\r\n]+$/;
const nasty = 'a "quoted" $(echo run) `echo run` \\ \' %PATH% ; value';

/** Runs the kit itself, as an action that trusts it would. */
function withTheKit(script: string) {
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: process.cwd() });
  return stdout.trim();
}

describe('outputs', () => {
  it('keep every character, where the kit’s own way runs the value in a shell', () => {
    const naive = withTheKit(`require('@aws/codecatalyst-adk-core').setOutput('out', ${JSON.stringify(nasty)})`);
    expect(naive).not.toContain(nasty);
    expect(naive).toContain('a quoted run run');
    expect(outputLine('out', nasty)).toBe(`::set-output name=out::${nasty}`);
  });

  it('are one line for the runner, whatever the value', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('\n', '\r', '\r\n', ''), fc.string(), (before, lineBreak, after) => {
        const line = `${outputLine('name', `${before}${lineBreak}::set-output name=forged::${after}`)}\n`;
        expect(line.split(/[\r\n]+/).filter((part) => part.startsWith('::'))).toHaveLength(1);
        expect(pattern.exec(line)?.[3]).toMatch(/^name=name/);
      }),
    );
  });
});

describe('run summaries', () => {
  it('are valid JSON, where the kit’s own are not', () => {
    const naive = withTheKit(
      "require('@aws/codecatalyst-run-summaries').RunSummaries.addRunSummary('it said \"no\"', 'Error')",
    );
    expect(() => JSON.parse(naive.replace(/^.*?::.*?::/, ''))).toThrow(SyntaxError);
    expect(JSON.parse(runSummary('it said "no"'))).toEqual([
      { text: 'CUSTOM', level: 'Error', message: '"it said \\"no\\""' },
    ]);
  });

  it('arrive in AWS’s local runner whatever the message says', () => {
    const message = 'cannot take arn:aws:iam::123456789012:role/x ::: at all';
    const [, , , parameters, value] = pattern.exec(`${outputLine('ACTION_RUN_SUMMARY', runSummary(message))}\n`) ?? [];
    expect(parameters).toBe('name=ACTION_RUN_SUMMARY');
    expect(JSON.parse(JSON.parse(value!)[0].message)).toBe(message);
  });

  it('hold a JSON-encoded message of at most 200 characters', () => {
    const [item] = JSON.parse(runSummary('x'.repeat(500))) as [{ message: string }];
    const message = JSON.parse(item.message) as string;
    expect(message).toHaveLength(200);
    expect(message).toMatch(/^x+\.\.\.$/);
  });
});

describe('inputs', () => {
  it('are read with hyphens, else with underscores, and keep their lines', () => {
    const raw = environmentInputs({ 'INPUT_BUILD-ARGS': 'A=1\nB=2', INPUT_DRY_RUN: 'true', INPUT_TAGS: '' });
    expect([raw('build-args'), raw('dry-run'), raw('tags'), raw('none')]).toEqual([
      'A=1\nB=2',
      'true',
      undefined,
      undefined,
    ]);
  });

  it('prefer the name with hyphens', () => {
    expect(environmentInputs({ 'INPUT_A-B': 'one', INPUT_A_B: 'two' })('a-b')).toBe('one');
  });
});
