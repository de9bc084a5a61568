import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { actionFinder } from '../../local/runner/manifest';
import { readWorkflow } from '../../local/runner/read-workflow';

const project = join(__dirname, '../../..');

describe('the workflow of this project', () => {
  it('reads the check of this repository itself', () => {
    const text = readFileSync(join(project, '.codecatalyst/workflows/ci.yaml'), 'utf8');
    const { actions } = readWorkflow('ci.yaml', text, actionFinder(project, project));
    expect(actions.map(({ work }) => work.kind)).toEqual(['build']);
  });

  it('reads without a finding, with the manifests of the actions', () => {
    const text = readFileSync(join(project, '.codecatalyst/workflows/blue-green.yaml'), 'utf8');
    const { actions, notes } = readWorkflow('blue-green.yaml', text, actionFinder(project, project));
    expect(actions.map(({ id }) => id)).toEqual([
      'Build_application',
      'RenderAmazonECStaskdefinition',
      'DeploytoAmazonECS',
    ]);
    expect(notes).toHaveLength(2);
  });
});
