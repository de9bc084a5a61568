// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.
import { describe, expect, it } from '@jest/globals';
import { readWorkflow } from '../../local/runner/read-workflow';
import { build, findingsOf, head, use } from './workflow-texts';

describe('readWorkflow', () => {
  it('reports all problems together, each with its line', () => {
    const text = `Name: W\nSchemaVersion: "2"\nactions: {}\nActions:\n  A:\n    Identifier: x/y@v1\n    Runtime: 5\n`;
    expect(findingsOf(text)).toEqual([
      'w.yaml:3 actions: unknown key; did you mean Actions?',
      'w.yaml:2 SchemaVersion: must be 1.0',
      expect.stringMatching(/^w\.yaml:7 Actions\.A\.Runtime: unknown key; known here: Identifier, DependsOn/),
      'w.yaml:6 Actions.A.Identifier: not an action',
    ]);
  });

  it('reports only that a GitHub workflow is one', () => {
    expect(findingsOf('name: CI\non: push\njobs:\n  test: { runs-on: x }\n')).toEqual([
      'w.yaml:1: this is a GitHub workflow; only CodeCatalyst workflows run here',
    ]);
  });

  it('refuses an approval that requires nobody', () => {
    const approval = '  Ask:\n    Identifier: aws/approval@v1\n    Configuration: { ApprovalsRequired: 0 }\n';
    expect(() => readWorkflow('w.yaml', `${head}${approval}`, () => 'approval')).toThrow('must be 1 or 2');
  });

  it.each([
    ['', 'has no value; write one, or leave the key out'],
    ['[a, b]', 'must be one string; write the lines below |'],
    ['{ a: b }', 'must be one string; write the lines below |'],
  ])('refuses the value %j for an input, which would end the local runner of AWS', (value, problem) => {
    expect(findingsOf(`${head}${build()}${use(value)}`)).toEqual([
      `w.yaml:15 Actions.Use.Configuration.image: ${problem}`,
    ]);
  });

  it.each([['"true"'], ["'5'"], ['plain text'], ['${Build.IMAGE}'], ['|\n        - a\n        - b']])(
    'accepts the value %j',
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
      'a cycle',
      `${head}${build('    DependsOn: [Use]\n')}${use('x')}`,
      'actions wait for each other: Build → Use → Build',
    ],
    [
      'another source',
      `${head}${build().replace('[Work', '[Other')}`,
      'only WorkflowSource can be a source here, not OtherflowSource',
    ],
    [
      'an artifact that no action makes',
      `${head}${build()}${use('x', '    Inputs: { Artifacts: [A] }\n')}`,
      'no action makes the artifact A',
    ],
    [
      'a cycle of artifacts and variables',
      `${head}${build('    Inputs: { Artifacts: [A] }\n').replace('    Inputs: { Sources: [WorkflowSource] }\n', '')}${use(
        '${Build.IMAGE}',
        '    Outputs: { Artifacts: [{ Name: A, Files: a }] }\n',
      ).replace('    DependsOn: [Build]\n', '')}`,
      'actions wait for each other: Build → Use → Build',
    ],
    [
      'its own artifact as an input',
      `${head}${build()}${use('x', '    Inputs: { Artifacts: [A] }\n    Outputs: { Artifacts: [{ Name: A, Files: a }] }\n')}`,
      'Use makes A itself',
    ],
    [
      'an output that the action does not have',
      `${head}${build()}${use('x', '    Outputs: { Variables: [said] }\n')}`,
      'tiny has only greeting',
    ],
    [
      'a shared instance for one action',
      `${head}${build('    Compute: { SharedInstance: true }\n')}`,
      'SharedInstance is for all actions; write it below Compute at the top of the file',
    ],
    [
      'a flag that is not a boolean',
      `${head}${build('    Compute: { SharedInstance: 5 }\n')}`,
      'must be true or false',
    ],
    [
      'a merge key without a mapping',
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
    ['invalid YAML', 'Name: [', 'Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ])('refuses %s', (_, text, problem) => {
    expect(findingsOf(text).map((finding) => finding.replace(/^w\.yaml:\d+ ?[\w. [\]<]*: /, ''))).toContain(problem);
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

  it('reports a duplicate key only once', () => {
    expect(findingsOf(`${head}${build('    Identifier: aws/build@v1\n')}`)).toEqual([
      'w.yaml:11 Actions.Build.Identifier: this key appears twice',
    ]);
  });

  it('does not report an action that depends on one it could not read', () => {
    const text = `${head}${build().replace('aws/build@v1', 'aws/other@v1')}${use('${Build.IMAGE}')}`;
    expect(findingsOf(text)).toEqual(['w.yaml:5 Actions.Build.Identifier: not an action']);
  });
});
