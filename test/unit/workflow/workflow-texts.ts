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

/** The beginning of a workflow, up to its actions. */
export const head = 'Name: W\nSchemaVersion: "1.0"\nActions:\n';
export const read = (text: string) => readWorkflow('w.yaml', text, find);

/** The findings of a file, as `place: problem`. */
export function findingsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.findings.map(({ where, problem }) => `${where}: ${problem}`);
  }
}

/** An action that builds, with further keys. */
export const build = (more = '') => `  Build:
    Identifier: aws/build@v1
    Inputs: { Sources: [WorkflowSource] }
    Outputs: { Variables: [IMAGE] }
    Configuration:
      Steps:
        - Run: export IMAGE=1
${more}`;

/** An action that uses an image, with further keys. */
export const use = (image: string, more = '') => `  Use:
    Identifier: ./tiny
    DependsOn: [Build]
${more}    Configuration:
      image: ${image}
`;
