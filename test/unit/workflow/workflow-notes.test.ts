// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.
import { describe, expect, it } from '@jest/globals';
import { readWorkflow } from '../../local/runner/read-workflow';
import { build, head, read, use } from './workflow-texts';

describe('readWorkflow', () => {
  it('notes what has no effect here', () => {
    const { notes } = read(`Name: W\nSchemaVersion: 1.0\nTriggers: [{ Type: Push }]\nActions:\n${build()}${use('x')}`);
    expect(notes).toEqual([
      'Triggers have no effect here: the workflow runs now.',
      'No Environment, so no AWS credentials: Use.',
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
  ])('notes in one line what has no effect here: %j', (keys, note) => {
    const { notes } = read(
      `${head}  A:\n    Identifier: aws/build@v1\n${keys}    Configuration: { Steps: [Run: "true"] }\n`,
    );
    expect(notes).toEqual([expect.stringContaining(note)]);
  });

  it('notes that steps do not run in a container, and where packages come from', () => {
    const steps = '{ Container: { Registry: DockerHub, Image: "node:20" }, Packages: {}, Steps: [Run: "true"] }';
    const { notes } = read(`${head}  A:\n    Identifier: aws/build@v1\n    Configuration: ${steps}\n`);
    expect(notes).toEqual([
      'w.yaml:6 Actions.A.Configuration.Container: the steps run on this machine, not in a container',
      'w.yaml:6 Actions.A.Configuration.Packages: packages come from where the tools of this machine find them',
    ]);
  });

  it('notes that nobody is asked for an approval', () => {
    const approval = '  Ask:\n    Identifier: aws/approval@v1\n    Configuration: { ApprovalsRequired: 1 }\n';
    const { notes, actions } = readWorkflow('w.yaml', `${head}${approval}`, () => 'approval');
    expect(notes).toEqual([
      'w.yaml:5 Actions.Ask.Identifier: nobody is asked here: it counts as approved unless --reject names it',
    ]);
    expect(actions[0]?.work).toEqual({ kind: 'approval', identifier: 'aws/approval@v1' });
  });

  it('notes nothing about reports that are disabled', () => {
    const off = build().replace('{ Var', '{ AutoDiscoverReports: { Enabled: False }, Var');
    expect(read(`${head}${off}`).notes).toEqual([]);
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
  ])('treats an empty key, %s, as absent', (_, text) => {
    expect(read(text).notes).toEqual([]);
  });

  it('gives an action with an empty Environment no credentials', () => {
    const { notes } = read(`${head}${build()}${use('x', '    Environment:\n')}`);
    expect(notes).toEqual(['No Environment, so no AWS credentials: Use.']);
  });

  it('notes a Timeout shorter than documented, and packages outside the configuration', () => {
    const { notes } = read(
      `${head}  A:\n    Identifier: aws/build@v1\n    Timeout: 1\n    Packages: { NpmConfiguration: {} }\n    Configuration: { Steps: [Run: x] }\n`,
    );
    expect([...notes].sort()).toEqual([
      'w.yaml:6 Actions.A.Timeout: CodeCatalyst documents 5 minutes at least',
      'w.yaml:7 Actions.A.Packages: packages come from where the tools of this machine find them',
    ]);
  });
});
