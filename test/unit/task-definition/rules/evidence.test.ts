import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ruleExamples } from '../../../../shared/dev/task-definition-rules/examples';
import { rulesPage } from '../../../../shared/dev/task-definition-rules/page';
import { allRules } from '../../../../shared/task-definition/rules/all';
import { problemsOf } from '../../../../shared/task-definition/rules/check';

const all = Object.entries(allRules).flatMap(([topic, rules]) =>
  Object.entries(rules).map(([name, rule]) => [topic, name, rule] as const),
);

describe('a rule', () => {
  it.each(all)('%s: %s is broken by its example, and has the level of its evidence', (topic, name, rule) => {
    const found = problemsOf(ruleExamples[topic]![name]!).filter((problem) => problem.rule === rule);
    const level = 'documentation' in rule.evidence ? 'warning' : 'error';
    expect(found[0]?.level).toBe(level);
    for (const text of Object.values(rule.evidence)) expect(text).toMatch(/\S{3}/);
    if ('documentation' in rule.evidence)
      expect(rule.evidence.documentation).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });

  it('is known to the list of all, whichever example breaks it', () => {
    const known = new Set(all.map(([, , rule]) => rule));
    const tasks = Object.values(ruleExamples).flatMap((examples) => Object.values(examples));
    expect(tasks.flatMap((task) => problemsOf(task)).filter(({ rule }) => !known.has(rule))).toEqual([]);
  });
});

it('the page lists what the rules say', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/task-definition-rules.md'), 'utf8');
  expect(page).toBe(rulesPage());
  for (const [, , { says }] of all) expect(page).toContain(says);
});
