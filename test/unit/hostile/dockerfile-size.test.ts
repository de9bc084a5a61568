// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { describe, expect, it } from '@jest/globals';
import { checkDockerfile } from '../../../actions/build-and-push/src/builders/builtin/dockerfile/check-dockerfile';
import { parseDockerfile } from '../../../actions/build-and-push/src/builders/builtin/dockerfile/dockerfile';
import { globalArgs } from '../../../actions/build-and-push/src/builders/builtin/dockerfile/scope';

const size = 2 * 1024 * 1024;
const fill = (unit: string) => unit.repeat(Math.floor(size / unit.length));
const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');

/** With work that grows with the square of its size, each takes from minutes to days. */
const large: Record<string, string> = {
  'one long line': `FROM scratch\nENV A=${fill('x')}`,
  dollars: `FROM ${fill('${')}`,
  quotes: `FROM scratch\nENV A=${fill('"')}`,
  'quotes in a flag': `FROM scratch\nCOPY --from=${fill(`"'`)}`,
  'quotes in many flags': `FROM scratch\nCOPY ${fill(`--a='" `)}`,
  'an open quote in a flag': `FROM scratch\nCOPY --from=${fill(`'"" `)}`,
  flags: `FROM scratch\nCOPY ${fill('--a ')}`,
  'escape characters': `FROM scratch\nCMD ${fill('\\')}`,
  continuations: `FROM scratch\nCMD ${fill('\\\n')}`,
  'spaces after escape characters': `FROM scratch\nCMD ${fill('\\ ')}`,
  'documents in one line': `FROM scratch\nCOPY ${fill('<<A ')}\n${lines(50_000, () => 'A')}`,
  'documents here-document that never ends': `FROM scratch\n${fill('COPY <<A /x\n')}`,
  spaces: `FROM a${' '.repeat(size)}b`,
  'a directive of words': `# syntax=${fill('x ')}\nFROM scratch`,
  'a directive of spaces': `# syntax${' '.repeat(size)}b\nFROM scratch`,
  comments: `FROM scratch\n${fill('#\n')}`,
  brackets: `FROM scratch\nCMD ${fill('[')}`,
  'arguments for all': `${lines(90_000, (at) => `ARG A${at}`)}FROM scratch`,
  stages: lines(10_000, (at) => `FROM ${at === 0 ? 'scratch' : `s${at - 1}`} AS s${at}`),
  'stages of one name': lines(10_000, () => 'FROM scratch AS s') + lines(80_000, () => 'COPY --from=s a b'),
  'labels line by line': `FROM scratch\n${lines(90_000, (at) => `LABEL l${at}=v`)}`,
};

describe('a Dockerfile of 2 MiB', () => {
  it.each(Object.keys(large))('is read and checked: %s', (name) => {
    const { dockerfile, findings } = parseDockerfile(large[name]!, 'Dockerfile');
    const check = () => {
      const globals = globalArgs(dockerfile, { A1: 'x' }, new Map());
      return findings.length > 0 ? findings : checkDockerfile(dockerfile, undefined, globals);
    };
    for (const { where, problem } of check()) expect(`${where}${problem}`.length).toBeLessThan(2_000);
  });
});
