// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.
import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../shared/errors';
import type { FindAction, Manifest } from '../../local/runner/manifest';
import { readWorkflow } from '../../local/runner/read-workflow';

const tiny: Manifest = {
  name: 'tiny',
  folder: '/tiny',
  main: '/tiny/index.js',
  inputs: { image: { required: true, default: '' }, wait: { required: false, default: '5' } },
  outputs: ['greeting'],
};
const find: FindAction = (identifier) =>
  identifier === 'aws/build@v1' ? 'build' : identifier === './tiny' ? tiny : { problem: 'not an action' };

const head = 'Name: W\nSchemaVersion: "1.0"\nActions:\n';
const read = (text: string) => readWorkflow('w.yaml', text, find);

/** The findings of a file, as `place: problem`. */
function findingsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.findings.map(({ where, problem }) => `${where}: ${problem}`);
  }
}

const build = (more = '') => `  Build:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource] }
    Outputs: { Variables: [IMAGE] }
    Configuration:
      Steps:
        - Run: export IMAGE=1
${more}`;
const use = (image: string, more = '') => `  Use:
    Identifier: ./tiny
    DependsOn: [Build]
${more}    Configuration:
      image: ${image}
`;

describe('readWorkflow', () => {
  it('orders actions, and resolves groups and their DependsOn', () => {
    const { actions } = read(`${head}  Second:
    DependsOn: [Build]
    Actions:
      Last:
        Identifier: ./tiny
        DependsOn: [First]
        Configuration: { image: "\${First.greeting}" }
      First:
        Identifier: ./tiny
        Configuration: { image: "\${Build.IMAGE}" }
  After:
    Identifier: ./tiny
    DependsOn: [Second]
    Configuration: { image: "\${Second.Last.greeting}" }
${build()}`);
    expect(actions.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['Build', []],
      ['Second.First', ['Build']],
      ['Second.Last', ['Build', 'Second.First']],
      ['After', ['Second.Last', 'Second.First']],
    ]);
  });

  it('takes Files as a string or a list', () => {
    const artifacts = '    Outputs: { Artifacts: [{ Name: A, Files: a* }, { Name: B, Files: [b*, c*] }] }\n';
    const { actions } = read(`${head}${build()}${use('x', artifacts)}`);
    expect(actions[1]?.outputArtifacts.map(({ files }) => files)).toEqual([['a*'], ['b*', 'c*']]);
  });

  it('says what has no effect here', () => {
    const { notes } = read(`Name: W\nSchemaVersion: 1.0\nTriggers: [{ Type: Push }]\nActions:\n${build()}${use('x')}`);
    expect(notes).toEqual([
      'Triggers have no effect here: the workflow runs now.',
      'No Environment, so no AWS credentials: Use.',
    ]);
  });

  it('reports all that is wrong together, each with its line', () => {
    const text = `Name: W\nSchemaVersion: "2"\nactions: {}\nActions:\n  A:\n    Identifier: x/y@v1\n    Runtime: 5\n`;
    expect(findingsOf(text)).toEqual([
      'w.yaml:3 actions: unknown key; did you mean Actions?',
      'w.yaml:2 SchemaVersion: must be 1.0',
      expect.stringMatching(/^w\.yaml:7 Actions\.A\.Runtime: unknown key; known here: Identifier, DependsOn/),
      'w.yaml:6 Actions.A.Identifier: not an action',
    ]);
  });

  it('says of a GitHub workflow only that it is one', () => {
    expect(findingsOf('name: CI\non: push\njobs:\n  test: { runs-on: x }\n')).toEqual([
      'w.yaml:1: this is a GitHub workflow; only CodeCatalyst workflows run here',
    ]);
  });

  it.each([
    ['true', 'boolean'],
    ['5', 'number'],
    ['1.50', 'number'],
    ['0o17', 'number'],
    ['yes', 'boolean'],
    ['Off', 'boolean'],
    ['1_000.5', 'number'],
  ])('takes the bare value %s of an input, and says that the local runner of AWS does not', (value, kind) => {
    const { actions, notes } = read(`${head}${build()}${use(value)}`);
    const note = `AWS's own local runner ends at a ${kind} here; write "${value}" for it`;
    expect(notes).toContain(`w.yaml:15 Actions.Use.Configuration.image: ${note}`);
    expect(actions[1]?.work).toMatchObject({ configuration: [{ name: 'image', text: value }] });
  });

  it.each(['1:30', '.', 'v1.0', '=', '"5"', "'yes'", '!!str yes', '2026-01-05'])(
    'takes the value %s as the text it is',
    (value) => {
      const { notes } = read(`${head}${build()}${use(value)}`);
      expect(notes.filter((note) => note.startsWith('w.yaml'))).toEqual([]);
    },
  );

  it('takes bare numbers and booleans for texts everywhere else', () => {
    const { actions } = read(`Name: 5
SchemaVersion: 1.0
Actions:
  Build:
    Identifier: aws/build@v1
    Compute: { Type: EC2, Fleet: 1 }
    Inputs: { Sources: [WorkflowSource], Variables: [{ Name: N, Value: 1.50 }, { Name: ON, Value: true }] }
    Outputs: { Artifacts: [{ Name: 1, Files: 2024 }] }
    Configuration: { Steps: [Run: true] }
`);
    expect(actions[0]).toMatchObject({
      variables: [{ text: '1.50' }, { text: 'true' }],
      outputArtifacts: [{ name: '1', files: ['2024'] }],
      work: { kind: 'build', identifier: 'aws/build@v1', steps: [{ text: 'true' }] },
    });
  });

  it('waits for the makers of artifacts and variables without DependsOn', () => {
    const { actions } = read(`${head}  Last:
    Identifier: ./tiny
    Inputs: { Artifacts: [A] }
    Configuration: { image: x }
  Group:
    Actions:
      Use:
        Identifier: ./tiny
        Configuration: { image: "\${Make.greeting}" }
      Make:
        Identifier: ./tiny
        Outputs: { Artifacts: [{ Name: A, Files: a }] }
        Configuration: { image: "\${Build.IMAGE}" }
${build()}`);
    expect(actions.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['Build', []],
      ['Group.Make', ['Build']],
      ['Last', ['Group.Make']],
      ['Group.Use', ['Group.Make']],
    ]);
  });

  it.each([
    ['    Caching: { FileCaching: { k: { Path: p, RestoreKeys: [a] } } }\n', 'Caching: nothing is cached here'],
    ['    Outputs: { AutoDiscoverReports: { Enabled: true } }\n', 'AutoDiscoverReports: no reports are collected'],
    [
      '    Outputs:\n      AutoDiscoverReports:\n        Enabled: true\n        ExcludePaths: [a]\n        SuccessCriteria: { PassRate: 100 }\n',
      'AutoDiscoverReports: no reports are collected',
    ],
    ['    Outputs: { Reports: { r: { Format: JUNIT, IncludePaths: [a] } } }\n', 'Reports: no reports are collected'],
  ])('tells in a line what has no effect here: %j', (keys, note) => {
    const { notes } = read(
      `${head}  A:\n    Identifier: aws/build@v1\n${keys}    Configuration: { Steps: [Run: "true"] }\n`,
    );
    expect(notes).toEqual([expect.stringContaining(note)]);
  });

  it('tells that steps do not run in a container, and where packages come from', () => {
    const steps = '{ Container: { Registry: DockerHub, Image: "node:20" }, Packages: {}, Steps: [Run: "true"] }';
    const { notes } = read(`${head}  A:\n    Identifier: aws/build@v1\n    Configuration: ${steps}\n`);
    expect(notes).toEqual([
      'w.yaml:6 Actions.A.Configuration.Container: the steps run on this machine, not in a container',
      'w.yaml:6 Actions.A.Configuration.Packages: packages come from where the tools of this machine find them',
    ]);
  });

  it('tells that nobody is asked for an approval', () => {
    const approval = '  Ask:\n    Identifier: aws/approval@v1\n    Configuration: { ApprovalsRequired: 1 }\n';
    const { notes, actions } = readWorkflow('w.yaml', `${head}${approval}`, () => 'approval');
    expect(notes).toEqual([
      'w.yaml:5 Actions.Ask.Identifier: nobody is asked here: it counts as approved unless --reject names it',
    ]);
    expect(actions[0]?.work).toEqual({ kind: 'approval', identifier: 'aws/approval@v1' });
  });

  it('refuses an approval by nobody', () => {
    const approval = '  Ask:\n    Identifier: aws/approval@v1\n    Configuration: { ApprovalsRequired: 0 }\n';
    expect(() => readWorkflow('w.yaml', `${head}${approval}`, () => 'approval')).toThrow('must be 1 or 2');
  });

  it('says nothing of reports that are off', () => {
    const off = build().replace('{ Var', '{ AutoDiscoverReports: { Enabled: False }, Var');
    expect(read(`${head}${off}`).notes).toEqual([]);
  });

  it.each([
    ['', 'has no value; write one, or leave the key out'],
    ['[a, b]', 'must be one string; write the lines below |'],
    ['{ a: b }', 'must be one string; write the lines below |'],
  ])('refuses the value %j of an input, at which the local runner of AWS would end', (value, problem) => {
    expect(findingsOf(`${head}${build()}${use(value)}`)).toEqual([
      `w.yaml:15 Actions.Use.Configuration.image: ${problem}`,
    ]);
  });

  it.each([['"true"'], ["'5'"], ['plain text'], ['${Build.IMAGE}'], ['|\n        - a\n        - b']])(
    'takes the value %j',
    (value) => expect(findingsOf(`${head}${build()}${use(value)}`)).toEqual([]),
  );

  it.each([
    ['${Build.image}', 'list image below Outputs.Variables of Build'],
    ['${Nobody.x}', 'no action is named Nobody'],
    ['${Use.greeting}', 'Use cannot take it from itself'],
    ['${WorkflowSource.Commit}', 'WorkflowSource has CommitId and BranchName'],
  ])('refuses the reference %s', (reference, problem) => {
    expect(findingsOf(`${head}${build()}${use(reference)}`)).toEqual([
      `w.yaml:15 Actions.Use.Configuration.image: ${reference}: ${problem}`,
    ]);
  });

  it.each([
    ['an unknown input', `${head}${build()}${use('x\n      imge: x')}`, 'unknown key; known here: image, wait'],
    ['a missing input', `${head}${build()}${use('x').replace('image: x', 'wait: "1"')}`, 'tiny needs image'],
    ['no action to wait for', `${head}${use('x')}`, 'no action or group is named Build'],
    [
      'a circle',
      `${head}${build('    DependsOn: [Use]\n')}${use('x')}`,
      'actions wait for each other: Build → Use → Build',
    ],
    [
      'another source',
      `${head}${build().replace('[Work', '[Other')}`,
      'only WorkflowSource can be a source here, not OtherflowSource',
    ],
    [
      'an artifact of nobody',
      `${head}${build()}${use('x', '    Inputs: { Artifacts: [A] }\n')}`,
      'no action makes the artifact A',
    ],
    [
      'a circle of what actions take',
      `${head}${build('    Inputs: { Artifacts: [A] }\n').replace('    Inputs: { Sources: [WorkflowSource] }\n', '')}${use(
        '${Build.IMAGE}',
        '    Outputs: { Artifacts: [{ Name: A, Files: a }] }\n',
      ).replace('    DependsOn: [Build]\n', '')}`,
      'actions wait for each other: Build → Use → Build',
    ],
    [
      'an artifact of its own',
      `${head}${build()}${use('x', '    Inputs: { Artifacts: [A] }\n    Outputs: { Artifacts: [{ Name: A, Files: a }] }\n')}`,
      'Use makes A itself',
    ],
    [
      'an output that the action has not',
      `${head}${build()}${use('x', '    Outputs: { Variables: [said] }\n')}`,
      'tiny has only greeting',
    ],
    [
      'a shared instance of one action',
      `${head}${build('    Compute: { SharedInstance: true }\n')}`,
      'SharedInstance is for all actions; write it below Compute at the top of the file',
    ],
    ['a flag that is none', `${head}${build('    Compute: { SharedInstance: 5 }\n')}`, 'must be true or false'],
    [
      'a merge key that names no mapping',
      `${head}${build('    <<: aws\n')}`,
      'unknown key; known here: Identifier, DependsOn, Compute, Timeout, Environment, Inputs, Outputs, Caching, Packages, Configuration',
    ],
    ['no actions', head.replace(/Actions:\s*$/, 'Actions: {}\n'), 'must have Actions'],
    ['an empty group', `${head}  Group: { Actions: {} }\n`, 'a group must have Actions'],
    ['no steps', `${head}  Build: { Identifier: aws/build@v1, Configuration: { Steps: [] } }\n`, 'must have Steps'],
    ['a short Timeout', `${head}${build('    Timeout: 0\n')}`, 'must be a number of minutes from 5 to 480'],
    [
      'a bad name',
      `${head}${build().replace('Build', 'Bu ild')}`,
      'an action is named with letters, digits, _ and - only',
    ],
    ['no YAML', 'Name: [', 'Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ])('refuses %s', (_, text, problem) => {
    expect(findingsOf(text).map((finding) => finding.replace(/^w\.yaml:\d+ ?[\w. [\]<]*: /, ''))).toContain(problem);
  });

  it.each([
    ['at the top', `Name: W\nSchemaVersion: "1.0"\nTriggers:\n#  - Type: Push\nCompute:\nActions:\n${build()}`],
    [
      'in an action',
      `${head}  A:
    Identifier: aws/build@v1
    DependsOn:
    Compute:
    Environment: ~
    Caching:
    Inputs:
    Outputs: null
    Configuration: { Container: , Packages: , Steps: [Run: "true"] }
`,
    ],
    [
      'below its keys',
      `${head}  A:
    Identifier: aws/build@v1
    Environment: { Name: x, Connections: }
    Inputs: { Sources: , Artifacts: , Variables: }
    Outputs: { Artifacts: , Variables: , Reports: , AutoDiscoverReports: }
    Configuration: { Steps: [Run: "true"] }
`,
    ],
  ])('takes a key with nothing behind it, %s, as one that is left out', (_, text) => {
    expect(read(text).notes).toEqual([]);
  });

  it('has no credentials for an action whose Environment is empty', () => {
    const { notes } = read(`${head}${build()}${use('x', '    Environment:\n')}`);
    expect(notes).toEqual(['No Environment, so no AWS credentials: Use.']);
  });

  it.each(['', '~', '""'])('takes the value %j of a variable as empty', (value) => {
    const { actions } = read(
      `${head}${build().replace('[WorkflowSource]', `[WorkflowSource], Variables: [{ Name: N, Value: ${value} }]`)}`,
    );
    expect(actions[0]?.variables).toMatchObject([{ name: 'N', text: '' }]);
  });

  it('reads variables and artifacts as mappings too', () => {
    const { actions } = read(`Name: W\nSchemaVersion: 1\nActions:
  A:
    Identifier: aws/build@v1
    Inputs: { Variables: { FIRST: 1.50, SECOND: , third-one: "\${WorkflowSource.CommitId}" } }
    Outputs: { Artifacts: { Made: { Files: [a*, b] }, Whole: { Files: "**/*" } } }
    Configuration: { Steps: [Run: x] }
`);
    expect(actions[0]?.variables.map(({ name, text }) => [name, text])).toEqual([
      ['FIRST', '1.50'],
      ['SECOND', ''],
      ['third-one', '${WorkflowSource.CommitId}'],
    ]);
    expect(actions[0]?.outputArtifacts).toMatchObject([
      { name: 'Made', files: ['a*', 'b'] },
      { name: 'Whole', files: ['**/*'] },
    ]);
  });

  it.each([
    ['Artifacts: { Made: { Glob: a } }', 'Outputs.Artifacts.Made.Glob: unknown key; known here: Files'],
    ['Artifacts: { Made: }', 'Outputs.Artifacts.Made: must have a Name and Files'],
    ['Artifacts: { "a b": { Files: a } }', 'Outputs.Artifacts.a b: may hold letters, digits, _ and - only'],
  ])('refuses the mapping %s', (text, problem) => {
    const found = findingsOf(
      `${head}  A:\n    Identifier: aws/build@v1\n    Outputs: { ${text} }\n    Configuration: { Steps: [Run: x] }\n`,
    );
    expect(found).toContainEqual(expect.stringContaining(problem));
  });

  it('tells of a Timeout that is shorter than documented, and of packages beside the configuration', () => {
    const { notes } = read(
      `${head}  A:\n    Identifier: aws/build@v1\n    Timeout: 1\n    Packages: { NpmConfiguration: {} }\n    Configuration: { Steps: [Run: x] }\n`,
    );
    expect([...notes].sort()).toEqual([
      'w.yaml:6 Actions.A.Timeout: CodeCatalyst documents 5 minutes at least',
      'w.yaml:7 Actions.A.Packages: packages come from where the tools of this machine find them',
    ]);
  });

  it('reads merge keys, the nearest value first', () => {
    const { actions } = read(`${head}  A: &first
    Identifier: aws/build@v1
    Inputs: &inputs { Sources: [WorkflowSource], Artifacts: [] }
    Timeout: 5
    Configuration: { Steps: [Run: one] }
  B: &second
    <<: *first
    Timeout: 6
    Outputs: { Variables: [X] }
  C:
    Configuration: { Steps: [Run: three] }
    Inputs: { <<: *inputs, Variables: [{ Name: N, Value: v }] }
    <<: [*second, *first]
`);
    expect(actions).toMatchObject([
      { id: 'A', timeout: 5, source: true, work: { outputs: [], steps: [{ text: 'one' }] } },
      { id: 'B', timeout: 6, source: true, work: { outputs: ['X'], steps: [{ text: 'one' }] } },
      { id: 'C', timeout: 6, source: true, variables: [{ name: 'N' }], work: { steps: [{ text: 'three' }] } },
    ]);
  });

  it('reads mappings that merge each other once', () => {
    const circle = `${head}  A: &a\n    <<: *a\n    Identifier: aws/build@v1\n    Configuration: { Steps: [Run: x] }\n`;
    expect(read(circle).actions).toHaveLength(1);
  });

  it('takes names as they were written', () => {
    const { actions } = read(`${head}  001:
    Identifier: aws/build@v1
    Outputs: { Variables: [X] }
    Configuration: { Steps: [Run: export X=1] }
  1e3:
    Identifier: aws/build@v1
    Configuration: { Steps: ["Run": "echo \${001.X}"] }
`);
    expect(actions.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['001', []],
      ['1e3', ['001']],
    ]);
  });

  it.each(['true', 'TRUE', 'yes', '"true"', 'On'])('runs actions one by one on a shared instance: %s', (value) => {
    const shared = `Name: W\nRunMode: Queued\nSchemaVersion: "1.0"\nCompute: { Type: EC2, SharedInstance: ${value} }\nActions:\n`;
    const { isShared, actions } = read(`${shared}${build()}${build().replace('Build:', 'Second:')}`);
    expect([isShared, actions.map(({ dependsOn }) => dependsOn)]).toEqual([true, [[], ['Build']]]);
  });

  it.each(['false', 'False', 'no', "'false'", 'off'])('runs actions side by side without one: %s', (value) => {
    const { isShared, actions } = read(
      `Name: W\nSchemaVersion: "1.0"\nCompute: { SharedInstance: ${value} }\nActions:\n${build()}${build().replace('Build:', 'Second:')}`,
    );
    expect([isShared, actions.map(({ dependsOn }) => dependsOn)]).toEqual([false, [[], []]]);
  });

  it('refuses a key that appears twice once', () => {
    expect(findingsOf(`${head}${build('    Identifier: aws/build@v1\n')}`)).toEqual([
      'w.yaml:11 Actions.Build.Identifier: this key appears twice',
    ]);
  });

  it('does not blame an action that waits for one it could not read', () => {
    const text = `${head}${build().replace('aws/build@v1', 'aws/other@v1')}${use('${Build.IMAGE}')}`;
    expect(findingsOf(text)).toEqual(['w.yaml:5 Actions.Build.Identifier: not an action']);
  });
});
