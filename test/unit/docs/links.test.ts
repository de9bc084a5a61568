import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { anchorsOf, brokenLinks } from '../../support/markdown-links';
import { projectFiles, projectRoot } from '../../support/project-files';

const pages = projectFiles().filter((path) => path.endsWith('.md'));

it('there are pages to check', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'actions/build-and-push/README.md', 'docs/security.md']));
});

it.each(pages)('all relative links and anchors of %s lead somewhere', (page) => {
  expect(brokenLinks(projectRoot, page)).toEqual([]);
});

it.each(pages.filter((page) => /^actions\/[\w-]+\/README\.md$/.test(page)))(
  '%s begins with its contents and its inputs, and is short',
  (page) => {
    const text = readFileSync(join(projectRoot, page), 'utf8');
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!);
    const [, contents = ''] = /^Contents: (.*?)\n\n/ms.exec(text) ?? [];
    expect([...contents.matchAll(/\[([^\]]+)\]\(#/g)].map(([, heading]) => heading)).toEqual(headings);
    expect(headings.slice(0, 2)).toEqual(['Inputs', 'Outputs']);
    expect(text.split(/\s+/).length).toBeLessThan(3_500);
  },
);

describe('the check', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'links-'));
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'docs/other.md'), '# What is *there*\n\n## Twice\n\n## Twice\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const check = (markdown: string) => {
    writeFileSync(join(root, 'README.md'), markdown);
    return brokenLinks(root, 'README.md');
  };

  it.each([
    ['a page', '[a](docs/other.md)'],
    ['a folder', '[a](docs/)'],
    ['a heading', '[a](docs/other.md#what-is-there)'],
    ['the second heading of a name', '[a](docs/other.md#twice-1)'],
    ['a heading of its own', '# Own part\n[a](#own-part)'],
    ['another site', '[a](https://example.com/nowhere)'],
    ['text in code', '`[a](nowhere.md)`\n\n```md\n[a](nowhere.md)\n```\n'],
  ])('takes a link to %s', (_, markdown) => {
    expect(check(markdown)).toEqual([]);
  });

  it.each([
    ['a missing page', '[a](docs/none.md)', 'README.md: docs/none.md does not exist'],
    ['a missing picture', '![a](a.png "title")', 'README.md: a.png does not exist'],
    ['a missing heading', '[a](docs/other.md#none)', 'README.md: docs/other.md#none has no such heading'],
    ['a heading in code', '```sh\n# own\n```\n[a](#own)', 'README.md: #own has no such heading'],
    ['a place outside', '[a](../x.md)', 'README.md: ../x.md leaves the repository'],
    ['code as the name', '[`a`](docs/none.md)', 'README.md: docs/none.md does not exist'],
  ])('finds a link to %s', (_, markdown, finding) => {
    expect(check(markdown)).toEqual([finding]);
  });

  it('makes anchors as GitHub does', () => {
    expect(anchorsOf('## Services under the `ECS` controller\n## A, b: c & d\n## [x](y) z\n')).toEqual([
      'services-under-the-ecs-controller',
      'a-b-c--d',
      'x-z',
    ]);
  });
});
