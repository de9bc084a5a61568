import { describe, expect, it } from '@jest/globals';
import { definition as build } from '../../../actions/build-and-push/src/definition';
import { definition as deploy } from '../../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../../actions/render-task-definition/src/definition';
import { lostInputs } from '../../../shared/host/lost-inputs';
import { type ActionDefinition, offeredOn } from '../../../shared/manifest/definition';

type Variables = Readonly<Record<string, string>>;

/** What a host sets: each input, its default where the workflow leaves it out, empty where it has none. */
const asSent = (definition: ActionDefinition, given: Variables, { empty = true } = {}): Variables =>
  Object.fromEntries(
    Object.entries(definition.inputs).flatMap(([name, { default: value }]) => {
      const sent = given[name] ?? value?.toString() ?? (empty ? '' : undefined);
      return sent === undefined ? [] : [[`INPUT_${name.toUpperCase()}`, sent]];
    }),
  );

const throughDash = (env: Variables): Variables =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.includes('-')));

const actions: readonly [string, ActionDefinition, Variables][] = [
  ['build-and-push', build, { repository: 'app', 'if-tag-exists': 'fail', 'scan-severity': 'critical' }],
  ['render-task-definition', render, { 'task-definition': 'task.json', image: 'app:1' }],
  ['ecs-bluegreen-deploy', deploy, { service: 'web', 'task-definition': 'web:1', 'dry-run': 'true' }],
];

describe.each(actions)('%s', (_, whole, given) => {
  describe.each(['codecatalyst', 'github'] as const)('on %s', (host) => {
    const definition = offeredOn(host, whole);

    it.each([true, false])(
      'is refused where a shell dropped the inputs with hyphens (others are sent empty: %s)',
      (empty) => {
        const findings = lostInputs(definition, throughDash(asSent(definition, given, { empty })));
        expect(findings).toEqual([
          { where: expect.stringContaining('-'), problem: expect.stringContaining('like dash') },
        ]);
        const defaults = Object.entries(definition.inputs).filter(([, { default: value }]) => value !== undefined);
        for (const [name] of defaults) if (name.includes('-')) expect(findings[0]?.where).toContain(name);
      },
    );

    it.each([true, false])('runs as it was sent (others are sent empty: %s)', (empty) => {
      expect(lostInputs(definition, asSent(definition, given, { empty }))).toEqual([]);
    });

    it('runs where somebody hands the inputs on with underscores', () => {
      const sent = Object.entries(asSent(definition, given)).map(([name, value]) => [name.replace(/-/g, '_'), value]);
      expect(lostInputs(definition, Object.fromEntries(sent))).toEqual([]);
    });
  });
});

it('a step that sets a variable or two by hand has lost nothing', () => {
  expect(lostInputs(offeredOn('codecatalyst', build), { INPUT_REPOSITORY: 'app', INPUT_CACHE: 'inline' })).toEqual([]);
});
