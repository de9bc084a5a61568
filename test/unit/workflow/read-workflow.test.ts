// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.
import { describe, expect, it } from '@jest/globals';
import { build, head, read, use } from './workflow-texts';

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

  it('accepts Files as a string or a list', () => {
    const artifacts = '    Outputs: { Artifacts: [{ Name: A, Files: a* }, { Name: B, Files: [b*, c*] }] }\n';
    const { actions } = read(`${head}${build()}${use('x', artifacts)}`);
    expect(actions[1]?.outputArtifacts.map(({ files }) => files)).toEqual([['a*'], ['b*', 'c*']]);
  });

  it.each([
    ['true', 'boolean'],
    ['5', 'number'],
    ['1.50', 'number'],
    ['0o17', 'number'],
    ['yes', 'boolean'],
    ['Off', 'boolean'],
    ['1_000.5', 'number'],
  ])('accepts the bare value %s for an input, and notes that the local runner of AWS does not', (value, kind) => {
    const { actions, notes } = read(`${head}${build()}${use(value)}`);
    const note = `AWS's own local runner ends at a ${kind} here; write "${value}" for it`;
    expect(notes).toContain(`w.yaml:15 Actions.Use.Configuration.image: ${note}`);
    expect(actions[1]?.work).toMatchObject({ configuration: [{ name: 'image', text: value }] });
  });

  it.each(['1:30', '.', 'v1.0', '=', '"5"', "'yes'", '!!str yes', '2026-01-05'])(
    'reads the value %s as written',
    (value) => {
      const { notes } = read(`${head}${build()}${use(value)}`);
      expect(notes.filter((note) => note.startsWith('w.yaml'))).toEqual([]);
    },
  );

  it('reads bare numbers and booleans as strings everywhere else', () => {
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

  it('orders actions by their artifacts and variables without DependsOn', () => {
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

  it.each(['', '~', '""'])('reads the value %j of a variable as empty', (value) => {
    const { actions } = read(
      `${head}${build().replace('[WorkflowSource]', `[WorkflowSource], Variables: [{ Name: N, Value: ${value} }]`)}`,
    );
    expect(actions[0]?.variables).toMatchObject([{ name: 'N', text: '' }]);
  });

  it('accepts variables and artifacts as mappings', () => {
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

  it('reads mappings that merge each other only once', () => {
    const circle = `${head}  A: &a\n    <<: *a\n    Identifier: aws/build@v1\n    Configuration: { Steps: [Run: x] }\n`;
    expect(read(circle).actions).toHaveLength(1);
  });

  it('keeps names as written', () => {
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

  it.each(['false', 'False', 'no', "'false'", 'off'])('runs actions in parallel without one: %s', (value) => {
    const { isShared, actions } = read(
      `Name: W\nSchemaVersion: "1.0"\nCompute: { SharedInstance: ${value} }\nActions:\n${build()}${build().replace('Build:', 'Second:')}`,
    );
    expect([isShared, actions.map(({ dependsOn }) => dependsOn)]).toEqual([false, [[], []]]);
  });
});
