// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runWorkflow } from '../local/runner/run';
import { readSource } from '../local/runner/source';
import { project } from '../support/workflow-scene';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-steps-'));
  writeFileSync(join(folder, 'file.txt'), 'first\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const head = 'Name: W\nSchemaVersion: "1.0"\n';

async function run(text: string) {
  const lines: string[] = [];
  const result = await runWorkflow({
    file: 'w.yaml',
    text,
    source: readSource(folder),
    project,
    machine: { PATH: process.env['PATH']!, HOME: folder },
    aws: {},
    secret: () => undefined,
    show: (line, action = '') => lines.push(`${action} | ${line}`),
    colour: false,
    signal: new AbortController().signal,
  });
  return { ...result, lines };
}

/** Steps of AWS's documentation and of public workflows set their variables in all these ways, seldom with `export`. */
const ways: Readonly<Record<string, readonly [step: string, value: string]>> = {
  PLAIN: ['PLAIN=42', '42'],
  EXPORTED: ['export EXPORTED=42', '42'],
  COMMAND: ['COMMAND=$(cat file.txt)', 'first'],
  BACKTICKS: ['BACKTICKS=`basename a/b`', 'b'],
  SUFFIX: ['SUFFIX=${PLAIN}-${GIVEN}', '42-given'],
  DECLARED: ['declare DECLARED=42', '42'],
  READ: ['read READ < file.txt', 'first'],
  DEFAULTED: [': "${DEFAULTED:=42}"', '42'],
  PRINTED: ['printf -v PRINTED %s 42', '42'],
  COUNTED: ['for COUNTED in 1 2 42; do true; done', '42'],
  IN_A_BRANCH: ['if test "$PLAIN" = 42; then IN_A_BRANCH=42; fi', '42'],
  LINES: ['LINES="first\nsecond"', 'first\nsecond'],
  QUOTED: [`QUOTED="it's \\"quoted\\" \\$HOME"`, `it's "quoted" $HOME`],
  SUMMED: ['SUMMED=$((40 + 2))', '42'],
};

it('hands the variables of a step to later steps and to other actions, however they are set', async () => {
  const steps = Object.values(ways).map(
    ([step]) => `        - Run: |\n            ${step.replace(/\n/g, '\n            ')}\n`,
  );
  const names = Object.keys(ways);
  const given = names.map((name) => `        - { Name: ${name}, Value: "\${Build.${name}}" }\n`);
  const { status, lines } = await run(`${head}Actions:
  Build:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource], Variables: [{ Name: GIVEN, Value: given }] }
    Outputs: { Variables: [${names.join(', ')}] }
    Configuration:
      Steps:
${steps.join('')}        - Run: test "$SUFFIX $READ" = "42-given first"
  Use:
    Identifier: aws/managed-test@v1
    Inputs:
      Variables:
${given.join('')}    Configuration:
      Steps:
        - Run: for name in ${names.join(' ')}; do echo "$name=<\${!name}>"; done
`);
  const seen = lines.flatMap((line) => (line.startsWith('Use | ') ? line.slice('Use | '.length) : [])).join('\n');
  for (const [name, [, value]] of Object.entries(ways)) expect(seen).toContain(`${name}=<${value}>`);
  expect(status).toBe(0);
});

it('shares the source with its changes between the actions of one instance, one after the other', async () => {
  const { status, lines } = await run(`${head}Compute: { Type: EC2, Fleet: any, SharedInstance: TRUE }
Actions:
  Build:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource] }
    Outputs: { Artifacts: [{ Name: Made, Files: made.txt }] }
    Configuration:
      Steps:
        - Run: echo second >> file.txt; echo made > made.txt; mkdir inner; cd inner
  WithoutInputs:
    Identifier: aws/build@v1
    Configuration:
      Steps:
        - Run: cat file.txt made.txt; rm made.txt; echo third >> "$CATALYST_SOURCE_DIR_WorkflowSource/file.txt"
  WithInputs:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource] }
    Configuration: { Steps: [Run: cat file.txt; ls] }
`);
  const said = (id: string) => lines.flatMap((line) => (line.startsWith(`${id} | `) ? line.split(' | ')[1]! : []));
  expect(said('WithoutInputs').slice(1, -1)).toEqual(['first', 'second', 'made']);
  expect(said('WithInputs').slice(1, -1)).toEqual(['first', 'second', 'third', 'file.txt', 'inner']);
  expect(status).toBe(0);
});

it('knows the folders of the service in a step', async () => {
  const { status } = await run(`${head}Actions:
  Build:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource] }
    Outputs: { Artifacts: [{ Name: Made, Files: made.txt }] }
    Configuration:
      Steps:
        - Name: A step may have a name
          Run: cp /sources/WorkflowSource/file.txt made.txt
  Use:
    Identifier: aws/build@v1
    Inputs: { Artifacts: [Made], Variables: [{ Name: BASE, Value: . }] }
    Configuration:
      Steps:
        - Run: cd "/artifacts/Use/Made" && cmp /artifacts/Use/Made/made.txt "$CATALYST_SOURCE_DIR_Made/made.txt"
        - Run: test "\${BASE}/artifacts/Use/Made" = "./artifacts/Use/Made" && test ! -e /sources/WorkflowSource
`);
  expect(status).toBe(0);
});

it('gives each action a copy of its own without a shared instance', async () => {
  const { status } = await run(`${head}Actions:
  First:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource] }
    Configuration: { Steps: [Run: rm file.txt] }
  Second:
    Identifier: aws/build@v1
    DependsOn: [First]
    Inputs: { Sources: [WorkflowSource] }
    Configuration: { Steps: [Run: cat file.txt] }
  Third:
    Identifier: aws/build@v1
    DependsOn: [Second]
    Configuration: { Steps: [Run: test ! -e file.txt] }
`);
  expect(status).toBe(0);
});
