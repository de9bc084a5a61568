import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFiles, projectRoot } from '../../support/project-files';

/** What GitHub's runner starts an action with; node20 left it in September 2026. */
const ofGithub = ['node24', 'composite', 'docker'];
/** What the schema of CodeCatalyst's manifests allows. */
const ofCodeCatalyst = ['node12', 'node16', 'docker'];
/** GitHub's hosted Linux, macOS and Windows machines, and one's own. */
const machines =
  /^(?:ubuntu-(?:latest|slim|24\.04|22\.04)(?:-arm)?|macos-(?:latest|14|15|26)|windows-(?:latest|2022|2025)|self-hosted|\$\{\{.*\}\})$/;
/** The major versions of actions that run on a Node which the runner still has, for those that the documents name. */
const actions: Readonly<Record<string, number>> = {
  'actions/checkout': 5,
  'actions/setup-node': 5,
  'actions/upload-artifact': 6,
  'actions/download-artifact': 7,
  'aws-actions/configure-aws-credentials': 6,
};

/** Files as other people have them. */
const ofOthers = /^test\/(?:corpus|unit\/workflow\/migrate)\//;

const files = projectFiles().filter((path) => /\.(?:md|ya?ml)$/.test(path) && !ofOthers.test(path));

interface Named {
  readonly kind: 'using' | 'Using' | 'machine' | 'action';
  readonly name: string;
}

/** What a manifest, a workflow or a page says that something runs on. */
const namedIn = (text: string): Named[] =>
  [...text.matchAll(/^[\s+-]*(using|Using|runs-on|uses): *['"]?([^'"\s#]+)/gm)].map(([, key, name]) => ({
    kind: key === 'runs-on' ? 'machine' : key === 'uses' ? 'action' : (key as 'using' | 'Using'),
    name: name!,
  }));

function isThere({ kind, name }: Named): boolean {
  if (kind === 'machine') return machines.test(name);
  if (kind !== 'action') return (kind === 'using' ? ofGithub : ofCodeCatalyst).includes(name);
  const [, action = '', version] = /^(.+)@v(\d+)/.exec(name) ?? [];
  const oldest = actions[action];
  return oldest === undefined || Number(version) >= oldest;
}

const strangers = (text: string) => namedIn(text).filter((named) => !isThere(named));

it('there is something to check', () => {
  const named = files.flatMap((file) => namedIn(readFileSync(join(projectRoot, file), 'utf8')));
  expect(named.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['using', 'Using', 'action']));
});

it.each(files)('%s names only runners that exist', (file) => {
  expect(strangers(readFileSync(join(projectRoot, file), 'utf8'))).toEqual([]);
});

describe('the check', () => {
  it.each(["using: 'node20'", '  Using: node20', 'runs-on: ubuntu-20.04', '- uses: actions/checkout@v4'])(
    'finds %s',
    (line) => {
      expect(strangers(`a: b\n${line}\n`)).toHaveLength(1);
    },
  );
});
