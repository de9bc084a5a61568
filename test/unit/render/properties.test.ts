import { describe, expect, it } from '@jest/globals';
import { isObject, type JsonObject, type JsonValue } from '../../../shared/task-definition/document';
import { fc, tries } from '../../support/properties';
import { type Given, planFor, problemsOf, render } from './support';

const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
const line = fc.string().filter((text) => !/[\r\n]/.test(text));
const text = fc.string();

const variables = fc.uniqueArray(fc.record({ name, value: text }), { selector: (item) => item.name, maxLength: 5 });
const extras = fc.record(
  {
    command: fc.array(text),
    environment: variables,
    dockerLabels: fc.dictionary(fc.string({ minLength: 1 }), text),
    essential: fc.constant(true),
    user: text,
    workingDirectory: text,
    interactive: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Sound task definitions of one to three containers. */
const tasks = fc.record(
  {
    family: fc.stringMatching(/^[a-z]{1,9}$/),
    containerDefinitions: fc
      .array(extras, { minLength: 1, maxLength: 3 })
      .map((containers) => containers.map((extra, at) => ({ name: `c${at}`, image: 'app:1', memory: 64, ...extra }))),
    cpu: fc.constantFrom('256', '.5 vCPU'),
    networkMode: fc.constantFrom('bridge', 'host', 'awsvpc'),
    tags: fc.constant([{ key: 'a', value: 'b' }]),
    enableFaultInjection: fc.boolean(),
  },
  { requiredKeys: ['family', 'containerDefinitions'] },
);

const assignments = (removal: boolean) =>
  fc
    .uniqueArray(fc.tuple(name, line, fc.boolean()), { selector: ([key]) => key, minLength: 1, maxLength: 4 })
    .map((items) =>
      items.map(([key, value, remove]) => (remove && removal ? `-${key}` : `${key}=${value}`)).join('\n'),
    );

/** Inputs for the first container. */
const inputs = fc
  .record(
    {
      image: fc.constantFrom('b:2', 'host:5000/c@sha256:'.concat('a'.repeat(64))),
      'environment-variables': assignments(true),
      'docker-labels': assignments(true),
      'environment-mode': fc.constantFrom('merge', 'replace'),
      command: fc.array(text).map((words) => JSON.stringify(words)),
      cpu: fc.constantFrom('512', '1 vCPU'),
      tags: assignments(false).map((lines) => lines.replace(/=.*$/gm, '=x')),
    },
    { requiredKeys: [] },
  )
  .map((given): Given => ({ ...given, 'container-name': 'c0' }));

describe('rendering', () => {
  it('without settings changes nothing, and keeps the order of all fields', () => {
    fc.assert(
      fc.property(tasks, (task) => {
        expect(JSON.stringify(render(task))).toBe(JSON.stringify(task));
      }),
    );
  });

  it('twice is the same as once', () => {
    fc.assert(
      fc.property(tasks, inputs, (task, given) => {
        const once = render(task, given);
        expect(JSON.stringify(render(once, given))).toBe(JSON.stringify(once));
        expect(planFor(once, given).changes).toEqual([]);
      }),
    );
  });

  it('keeps everything that was not asked to change', () => {
    const asked: Readonly<Record<string, string>> = {
      image: 'image',
      'environment-variables': 'environment',
      'docker-labels': 'dockerLabels',
      command: 'command',
    };
    fc.assert(
      fc.property(tasks, inputs, (task, given) => {
        const { containerDefinitions: after, ...taskAfter } = render(task, given) as JsonObject & {
          containerDefinitions: JsonObject[];
        };
        const { containerDefinitions: before, ...taskBefore } = task;
        const changed = new Set(Object.keys(given).map((input) => asked[input] ?? input));
        expect(without(taskAfter, changed)).toEqual(without(taskBefore, changed));
        expect(after.slice(1)).toEqual(before.slice(1));
        expect(without(after[0]!, changed)).toEqual(without(before[0]!, changed));
      }),
    );
  });

  it('gives every variable that was asked for, whole, and no other one', () => {
    fc.assert(
      fc.property(variables, fc.dictionary(name, line), fc.array(name), (environment, set, removed) => {
        const gone = removed.filter((key) => !(key in set));
        const lines = [
          ...Object.entries(set).map(([key, value]) => `${key}=${value}`),
          ...new Set(gone.map((key) => `-${key}`)),
        ];
        const task = { family: 'a', containerDefinitions: [{ name: 'c', image: 'a', memory: 64, environment }] };
        const { containerDefinitions } = render(task, {
          'environment-variables': lines.join('\n'),
        }) as never as typeof task;
        const expected = new Map(environment.map((item) => [item.name, item.value]));
        for (const [key, value] of Object.entries(set)) expected.set(key, value);
        for (const key of gone) expected.delete(key);
        const found = containerDefinitions[0]!.environment.map((item) => [item.name, item.value] as const);
        expect(new Map(found)).toEqual(expected);
        expect(found).toHaveLength(expected.size);
      }),
    );
  });

  it('of anything at all ends with findings at most', () => {
    const json = fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<JsonValue>;
    const field = fc.constantFrom(
      'family',
      'containerDefinitions',
      'name',
      'image',
      'environment',
      'secrets',
      'volumes',
      'cpu',
      'memory',
      'portMappings',
      'dependsOn',
      'logConfiguration',
      'linuxParameters',
      'capabilities',
      'add',
      'tags',
      'requiresCompatibilities',
      'healthCheck',
      'command',
      'mountPoints',
      'proxyConfiguration',
      'properties',
      'options',
      'links',
      'ulimits',
      'resourceRequirements',
      'volumesFrom',
      'runtimePlatform',
      'host',
      'efsVolumeConfiguration',
      'authorizationConfig',
    );
    const leaf = fc.constantFrom<JsonValue>(
      'FARGATE',
      'awsvpc',
      'c0',
      'WINDOWS_SERVER_2022_CORE',
      'awslogs',
      'EXTERNAL',
      '',
      1,
      -1,
      true,
      null,
      'arn:aws:iam::1:role/x',
      '$X',
    );
    const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 7 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(field, tie('tree'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(json, tree).filter(isObject), fc.oneof(inputs, fc.dictionary(name, text)), (task, given) => {
        expect(problemsOf(() => planFor(task, given))).toEqual(expect.any(Array));
      }),
      tries(2000),
    );
  });
});

const without = (object: object, names: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !names.has(key)));
