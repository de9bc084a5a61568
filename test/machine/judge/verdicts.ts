/**
 * What BuildKit makes of the Dockerfiles of the judge, as it was measured. `verdicts.json` is written by
 * `npm run judge`, which needs a BuildKit on this machine; `test/machine/judge.test.ts` checks that it is still true.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Order, Verdict } from './buildkit';
import { configDockerfiles } from './dockerfiles-config';
import { fileDockerfiles } from './dockerfiles-files';
import { ignoreDockerfiles } from './dockerfiles-ignore';
import { newerDockerfiles, newerIgnoreDockerfiles } from './dockerfiles-newer';

/** One row of the table. */
export interface Row extends Pick<Order, 'dockerfile' | 'ignore' | 'args'> {
  readonly title: string;
}

const args = { GIVEN: 'given' };
const whole = (text: string) => `${/^(FROM|# escape)|\nFROM/i.test(text) ? '' : 'FROM scratch\n'}${text}\n`;

export const rows: readonly Row[] = [
  ...[...configDockerfiles, ...fileDockerfiles, ...newerDockerfiles].map((text) => ({
    title: text,
    dockerfile: whole(text),
    args,
  })),
  ...[...ignoreDockerfiles, ...newerIgnoreDockerfiles].map(([ignore, text]) => ({
    title: `${text} without ${ignore}`,
    dockerfile: whole(text),
    ignore,
    args,
  })),
];

export const verdictsFile = join(__dirname, 'verdicts.json');

/** The verdicts by the title of their rows. A refusal has no text of BuildKit's, which changes. */
export const readVerdicts = (): Readonly<Record<string, Verdict>> => JSON.parse(readFileSync(verdictsFile, 'utf8'));

/** Where builtin and BuildKit differ, and why that is right. */
export const explained: ReadonlyMap<string, string> = new Map([
  [
    'COPY odd/back\\\\slash /x/',
    'a client of BuildKit cannot send a file whose name has a backslash; builtin copies it',
  ],
  [
    'FROM scratch AS a\nADD devices.tar /\nFROM scratch\nCOPY --from=a /dev /d',
    'BuildKit copies a block device as a character device',
  ],
  [
    '# check=error=true\nFROM scratch as a\nCOPY a.txt /x',
    'the linter of BuildKit fails; builtin has none, and a warning says so',
  ],
]);
