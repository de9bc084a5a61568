import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { parse } from 'jsonc-parser';
import { registerRevision } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecs-revisions';
import { plan } from '../../../actions/render-task-definition/src/plan/plan';
import { awsClients } from '../../../shared/aws/clients';
import { systemClock } from '../../../shared/clock';
import { findingsOf, refuse } from '../../../shared/errors';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../shared/task-definition/document';
import { readTaskDefinition } from '../../../shared/task-definition/read';
import { withoutReadOnlyFields } from '../../../shared/task-definition/read-only-fields';
import { checkTaskDefinition, problemsOf } from '../../../shared/task-definition/rules/check';
import { refuseUnsound } from '../../local/aws/compute/ecs/register/refuse';
import { type CorpusFile, corpus, missingFiles } from '../../support/corpus';
import { fc } from '../../support/properties';
import { type Given, readSound } from './support';

process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
process.env['AWS_SECRET_ACCESS_KEY'] = 'example';

const planOf = ({ name, text }: Pick<CorpusFile, 'name' | 'text'>, given: Given = {}) =>
  plan(readSound({ 'task-definition': name, ...given }), readTaskDefinition(text, name));

const plans = new Map<CorpusFile, ReturnType<typeof planOf>>();

/** The plan without settings, made once for all tests of a file. */
function plainPlan(file: CorpusFile): ReturnType<typeof planOf> {
  const made = plans.get(file) ?? planOf(file);
  plans.set(file, made);
  return made;
}

const sound = corpus.filter(({ expected }) => !expected.errors);
const unsound = corpus.filter(({ expected }) => expected.errors);

/** `file.json:3:5 family: must be …` without the place, which every finding in a file has. */
function unplaced(name: string, { where, problem }: { readonly where: string; readonly problem: string }): string {
  const [place = '', ...path] = where.split(' ');
  expect(place).toMatch(/:\d+:\d+$/);
  expect(place.startsWith(`${name}:`)).toBe(true);
  return [...path, problem].join(path.length > 0 ? ': ' : '');
}

/** That as many are found as expected, and that each begins as expected. */
function expectBeginnings(found: readonly string[], beginnings: readonly string[]): void {
  expect(found.map((text, at) => text.slice(0, beginnings[at]?.length))).toEqual(beginnings);
}

/** The file by other means than those of the action, without the parts that are left out. */
function written({ text, expected }: CorpusFile): JsonObject | undefined {
  if (expected.out || !/^\s*(\{|\/[/*])/.test(text.replace(/^\uFEFF/, ''))) return expected.out;
  const whole = parse(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true }) as JsonObject;
  const left = new Set(expected.leftOut);
  const inner = without(whole, '', left) as JsonObject;
  const answer = inner['taskDefinition'];
  return withoutReadOnlyFields(isObject(answer) ? { ...answer, ...ownTags(inner) } : inner);
}

function ownTags({ tags }: JsonObject): JsonObject {
  const own = isList(tags) ? tags.filter((tag) => isObject(tag) && !String(tag['key']).startsWith('aws:')) : [];
  return own.length > 0 ? { tags: own } : {};
}

function without(value: JsonValue, path: string, left: ReadonlySet<string>): JsonValue {
  if (isList(value)) {
    return value.flatMap((item, at) => (left.has(`${path}[${at}]`) ? [] : [without(item, `${path}[${at}]`, left)]));
  }
  if (!isObject(value)) return value;
  const at = (name: string) =>
    [path, /^[\w-]+$/.test(name) ? name : `["${name}"]`].filter(Boolean).join('.').replace('.[', '[');
  const kept = Object.entries(value).filter(([name]) => !left.has(at(name)));
  return Object.fromEntries(kept.map(([name, part = null]) => [name, without(part, at(name), left)]));
}

it('the corpus is whole', () => {
  expect(missingFiles).toEqual([]);
  expect(corpus.length).toBeGreaterThan(250);
});

describe('renders', () => {
  it.each(sound)('$name as it was written', (file) => {
    const { taskDefinition, warnings, notices, changes } = plainPlan(file);
    const out = written(file);
    // As text, so that the order of the fields counts.
    if (out) expect(JSON.stringify(taskDefinition)).toBe(JSON.stringify(out));
    expect(changes.filter(({ kind }) => kind !== 'removed')).toEqual([]);
    expectBeginnings(
      warnings.map((finding) => unplaced(file.name, finding)),
      file.expected.warnings ?? [],
    );
    const count = notices.join('\n').match(/(\d+) fields? (?:is|are) .* left out/)?.[1] ?? '0';
    expect(Number(count)).toBe(file.expected.leftOut?.length ?? 0);
  });

  it.each(sound)('$name twice as once', (file) => {
    const { taskDefinition } = plainPlan(file);
    const text = JSON.stringify(taskDefinition, null, 2);
    const again = planOf({ name: 'again.json', text });
    expect([JSON.stringify(again.taskDefinition, null, 2), again.changes, again.notices]).toEqual([text, [], []]);
  });
});

describe('refuses', () => {
  it.each(unsound)('$name, with place and reason', ({ name, text, expected }) => {
    const findings = findingsOf(() => refuse(checkTaskDefinition(readTaskDefinition(text, name)).errors));
    expectBeginnings(
      findings.map((finding) => unplaced(name, finding)),
      expected.errors!,
    );
  });

  it('only where ECS does: each has its text, or the model', () => {
    const readable = unsound.filter(({ name }) => !name.startsWith('yaml/'));
    const problems = readable.flatMap(({ name, text }) => problemsOf(readTaskDefinition(text, name).value));
    expect(problems.filter(({ level, rule }) => level === 'error' && 'documentation' in rule.evidence)).toEqual([]);
  });
});

/** A setting, and what it does to a container that is a target. */
const settings: readonly (readonly [name: string, value: string, after: (container: JsonObject) => JsonObject])[] = [
  ['image', 'changed:1', (container) => ({ ...container, image: 'changed:1' })],
  ['command', '["a", "b c"]', (container) => ({ ...container, command: ['a', 'b c'] })],
  [
    'docker-labels',
    'zzz=1',
    (container) => ({ ...container, dockerLabels: { ...(container['dockerLabels'] as object), zzz: '1' } }),
  ],
  [
    'environment-variables',
    'ZZZ=1',
    (container) => ({
      ...container,
      environment: [...((container['environment'] as JsonValue[] | undefined) ?? []), { name: 'ZZZ', value: '1' }],
    }),
  ],
];

it('changes nothing but what was asked', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sound),
      fc.nat(9),
      fc.subarray([...settings], { minLength: 1 }),
      (file, nth, asked) => {
        const before = plainPlan(file).taskDefinition;
        const containers = before['containerDefinitions'] as JsonObject[];
        const at = nth % containers.length;
        const given = Object.fromEntries(asked.map(([name, value]) => [name, value]));
        const { taskDefinition } = planOf(file, { ...given, 'container-name': containers[at]!['name'] as string });
        const changed = asked.reduce((container, [, , after]) => after(container), containers[at]!);
        expect(taskDefinition).toEqual({
          ...before,
          containerDefinitions: containers.map((container, index) => (index === at ? changed : container)),
        });
        expect(Object.keys(taskDefinition)).toEqual(Object.keys(before));
      },
    ),
    { numRuns: 300 },
  );
});

describe('what is sent to ECS', () => {
  const sent: string[] = [];
  const handler = {
    async handle({ body }: { readonly body: Uint8Array }) {
      sent.push(Buffer.from(body).toString());
      const answer = Buffer.from('{"taskDefinition":{"taskDefinitionArn":"arn"}}');
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: answer }) };
    },
  };
  const aws = awsClients({ region: 'eu-central-1', handler });
  const effects = {
    aws,
    uninterruptible: aws,
    clock: systemClock,
    log: { info() {} },
    signal: new AbortController().signal,
    done: [],
  };

  it.each(sound)('of $name is the file', async (file) => {
    const { taskDefinition } = plainPlan(file);
    const request = taskDefinition as unknown as RegisterTaskDefinitionRequest;
    await registerRevision({ kind: 'register', request, latest: undefined }, effects as never);
    expect(sent.pop()).toBe(JSON.stringify(taskDefinition));
  });
});

describe('the embedded ECS', () => {
  const register = (file: CorpusFile) => {
    refuseUnsound(withoutReadOnlyFields(readTaskDefinition(file.text, file.name).value) as never);
  };

  it.each(sound)('registers $name', (file) => {
    expect(() => register(file)).not.toThrow();
  });

  it('refuses what is refused', () => {
    // Types and misspelt names are told by the protocol, and what cannot be read never gets there.
    const ofProtocol = /unknown field|must be a (?:string|list|whole number)|has a tag/;
    const isKnown = ({ name, text }: CorpusFile) =>
      problemsOf(readTaskDefinition(text, name).value).some(
        ({ level, rule }) => level === 'error' && !('impossible' in rule.evidence),
      );
    const taken = unsound.filter((file) => !ofProtocol.test(file.expected.errors!.join()) && isKnown(file));
    const isRegistered = (file: CorpusFile) => {
      try {
        register(file);
        return true;
      } catch {
        return false;
      }
    };
    expect(taken.filter(isRegistered).map(({ name }) => name)).toEqual([]);
  });
});
