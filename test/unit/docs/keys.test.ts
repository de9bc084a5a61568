import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectFiles, projectRoot } from '../../support/project-files';

it('no file holds a private key; tests make theirs', () => {
  const isKey = (path: string) =>
    /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+\w/.test(readFileSync(join(projectRoot, path), 'latin1'));
  expect(projectFiles().filter(isKey)).toEqual([]);
});
