import { describe, expect, it } from '@jest/globals';
import { createLog, plainMark } from '../../../shared/host/log';
import { diffTaskDefinitions, showDiff, summarise } from '../../../shared/task-definition/diff';
import type { JsonObject } from '../../../shared/task-definition/document';
import { fc } from '../../support/properties';

type Parts = Record<string, unknown>;
const task = (container: Parts, parts: Parts = {}) =>
  ({ ...parts, containerDefinitions: [{ name: 'web', ...container }] }) as JsonObject;

const shown = (before: JsonObject, after: JsonObject) =>
  showDiff(diffTaskDefinitions(before, after)).map(({ text }) => text);

/** What differs; before; after; how it is shown. */
const differences: [what: string, before: JsonObject, after: JsonObject, lines: string[]][] = [
  ['nothing', task({ cpu: 1 }), task({ cpu: 1 }), []],
  ['a value', task({ image: 'a:1' }), task({ image: 'a:2' }), ['~ containerDefinitions.web.image: "a:1" → "a:2"']],
  ['a new field', task({}), task({}, { cpu: '256' }), ['+ cpu: "256"']],
  ['a field that is gone', task({}, { cpu: '256' }), task({}), ['- cpu: "256"']],
  ['an empty list', task({}), task({ command: [] }), ['+ containerDefinitions.web.command: []']],
  [
    'variables',
    task({
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    }),
    task({
      environment: [
        { name: 'C', value: '3' },
        { name: 'A', value: '0' },
      ],
    }),
    [
      '~ containerDefinitions.web.environment.A: "1" → "0"',
      '- containerDefinitions.web.environment.B: "2"',
      '+ containerDefinitions.web.environment.C: "3"',
    ],
  ],
  [
    'the order of variables only',
    task({
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    }),
    task({
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    }),
    [],
  ],
  [
    'the words of a command',
    task({ command: ['a', 'b'] }),
    task({ command: ['b', 'a'] }),
    ['~ containerDefinitions.web.command: ["a","b"] → ["b","a"]'],
  ],
  [
    'a port',
    task({ portMappings: [{ containerPort: 80 }] }),
    task({ portMappings: [{ containerPort: 80, hostPort: 80 }] }),
    ['+ containerDefinitions.web.portMappings[80/tcp].hostPort: 80'],
  ],
  ['a tag', task({}), task({}, { tags: [{ key: 'a b', value: 'c' }] }), ['+ tags[a b]: "c"']],
  [
    'a list in which a name comes twice',
    task({
      environment: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
    task({ environment: [{ name: 'A', value: '1' }] }),
    [
      '~ containerDefinitions.web.environment: [{"name":"A","value":"1"},{"name":"A","value":"2"}] → [{"name":"A","value":"1"}]',
    ],
  ],
];

describe('diffTaskDefinitions', () => {
  it.each(differences)('shows %s', (_what, before, after, lines) => {
    expect(shown(before, after)).toEqual(lines);
  });

  it('cuts long values', () => {
    const [line] = shown(task({}), task({ user: 'x'.repeat(1000) }));
    expect(line!.length).toBeLessThan(300);
  });

  it('finds nothing between a task definition and itself, and something wherever JSON differs', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(diffTaskDefinitions(before, before)).toEqual([]);
        const isSame = JSON.stringify(before) === JSON.stringify(after);
        if (isSame) expect(diffTaskDefinitions(before, after)).toEqual([]);
        for (const line of shown(before, after)) expect(line).toMatch(/^[+~-] /);
      }),
    );
  });
});

describe('secrets', () => {
  const secret = 'hunter2-hunter2';
  const holders: [what: string, container: Parts][] = [
    ['a variable', { environment: [{ name: 'DB_PASSWORD', value: secret }] }],
    ['a variable in another case', { environment: [{ name: 'stripeApiKey', value: secret }] }],
    ['a variable given twice', { environment: Array(2).fill({ name: 'AUTH_TOKEN', value: secret }) }],
    ['an address', { environment: [{ name: 'DATABASE_URL', value: `postgres://user:${secret}@db/app` }] }],
    ['a reference', { secrets: [{ name: 'A', valueFrom: secret }] }],
    ['a reference of the log driver', { logConfiguration: { secretOptions: [{ name: 'x', valueFrom: secret }] } }],
    ['a log option', { logConfiguration: { options: { 'splunk-token': secret } } }],
    ['a label', { dockerLabels: { 'com.example.credentials': secret } }],
    ['a registry’s credentials', { repositoryCredentials: { credentialsParameter: secret } }],
    ['an option of a command', { command: ['run', `--db-password=${secret}`] }],
    ['a word after an option', { command: ['run', '--token', secret] }],
    ['a variable of a command', { entryPoint: ['env', `PGPASSWORD=${secret}`, 'psql'] }],
    ['a credential specification', { credentialSpecs: [secret] }],
  ];

  it.each(holders)('in %s are never shown', (_what, container) => {
    const pairs: [JsonObject, JsonObject][] = [
      [task({}), task(container)],
      [task(container), task({})],
      [task(JSON.parse(JSON.stringify(container).replace(secret, 'other'))), task(container)],
      [{} as JsonObject, task(container)],
    ];
    for (const [before, after] of pairs) {
      const changes = diffTaskDefinitions(before, after);
      expect(changes).not.toEqual([]);
      expect(JSON.stringify([changes, showDiff(changes), summarise(changes)])).not.toContain(secret);
    }
  });

  it('that change are shown as changed', () => {
    const variable = (value: string) => task({ environment: [{ name: 'TOKEN', value }] });
    expect(shown(variable('a'), variable('b'))).toEqual([
      '~ containerDefinitions.web.environment.TOKEN: "***" (changed)',
    ]);
  });

  it('do not hide what only stands near them', () => {
    const before = {
      containerDefinitions: [{ name: 'secrets', image: 'a:1', environment: [{ name: 'MONKEY', value: 'a' }] }],
    };
    const after = {
      containerDefinitions: [{ name: 'secrets', image: 'a:2', environment: [{ name: 'MONKEY', value: 'b' }] }],
    };
    expect(shown(before, after)).toEqual([
      '~ containerDefinitions.secrets.image: "a:1" → "a:2"',
      '~ containerDefinitions.secrets.environment.MONKEY: "a" → "b"',
    ]);
  });
});

describe('showDiff', () => {
  it('colours lines on a terminal', () => {
    const changes = diffTaskDefinitions(task({}, { cpu: '1' }), task({ user: 'x' }, { memory: '2', cpu: '3' }));
    const lines: string[] = [];
    const log = createLog({ colour: true, debug: false, write: (line) => lines.push(line), mark: plainMark(true) });
    for (const { text, colour } of showDiff(changes)) log.info(text, colour);
    expect(lines).toEqual([
      '\u001b[33m~ cpu: "1" → "3"\u001b[0m',
      '\u001b[32m+ containerDefinitions.web.user: "x"\u001b[0m',
      '\u001b[32m+ memory: "2"\u001b[0m',
    ]);
  });
});

describe('summarise', () => {
  it('says what changed in one line', () => {
    const before = task({ image: 'a:1', user: 'x' }, { cpu: '256' });
    const after = task({ image: 'a:2', command: ['b\nc'] }, { cpu: '512' });
    expect(summarise(diffTaskDefinitions(before, after))).toBe(
      'cpu: "256" → "512"; web.image: "a:1" → "a:2"; - web.user: "x"; + web.command: ["b\\nc"]',
    );
    expect(summarise([])).toBe('no changes');
  });

  it('has at most 400 characters and says how many changes it leaves out', () => {
    const json = fc.dictionary(fc.string({ unit: 'binary-ascii', maxLength: 300 }), fc.string({ maxLength: 500 }), {
      maxKeys: 20,
    });
    fc.assert(
      fc.property(json, json, (before, after) => {
        const line = summarise(diffTaskDefinitions(before, after));
        expect(line.length).toBeLessThanOrEqual(400);
        expect(line).not.toMatch(/[\r\n]/);
      }),
    );
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`field${at}`, 'some value']));
    expect(summarise(diffTaskDefinitions({}, many))).toMatch(/; and \d+ more$/);
  });
});
