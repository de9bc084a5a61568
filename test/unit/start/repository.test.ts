import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSource } from '../../local/runner/source';
import { createRepository, workflow } from '../../local/tour/repository';

const project = join(__dirname, '../../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repository-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('createRepository', () => {
  it('holds the sample application and the workflow, and commits them', () => {
    const repository = createRepository(folder, project);
    repository.commit('First');
    const { commit, branch, changed, files } = readSource(folder);
    expect([branch, changed]).toEqual(['main', false]);
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(files).toEqual(expect.arrayContaining([workflow, 'Dockerfile', 'templates/index.html', 'task.json']));
  });

  it('edits every place of a text, and a pattern with what it found', () => {
    const repository = createRepository(folder, project);
    repository.edit('templates/index.html', 'Las Vegas', 'New $& York');
    const page = readFileSync(join(folder, 'templates/index.html'), 'utf8');
    expect(page).toContain('<title>New $& York</title>');
    expect(page).not.toContain('Las Vegas');
    repository.edit('Dockerfile', /^ARG BASE=(.*)$/m, (line, base) => `${line}-${base}`);
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toMatch(/^ARG BASE=(.*)-\1$/m);
    expect(() => repository.edit('Dockerfile', 'nothing like it', '')).toThrow('cannot edit Dockerfile');
  });

  it('says so where git cannot commit', () => {
    const repository = createRepository(folder, project);
    repository.commit('First');
    expect(() => repository.commit('Nothing new')).toThrow('cannot run git');
    expect(existsSync(join(folder, '.git'))).toBe(true);
  });
});
