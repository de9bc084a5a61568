// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { describe, expect, it } from '@jest/globals';
import { checkDockerfile } from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/check-dockerfile';
import { parseDockerfile } from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/dockerfile';
import { readInstructions } from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/dockerfile-lines';

describe('a Dockerfile of many lines', () => {
  it('is not read beyond one instruction more than there may be', () => {
    const found = readInstructions(
      Array.from({ length: 150_000 }, () => 'USER a'),
      '\\',
    );
    expect(found).toHaveLength(100_001);
  });

  it('is divided by each line once', () => {
    let looks = 0;
    const counted = new Proxy(
      Array.from({ length: 1000 }, () => 'CMD a \\'),
      {
        get: (all, name) => {
          if (typeof name === 'string' && /^\d+$/.test(name)) looks++;
          return Reflect.get(all, name);
        },
      },
    );
    expect(readInstructions(counted, '\\')).toHaveLength(1);
    expect(looks).toBeLessThan(4_000);
  });
});

describe('what is shown of a Dockerfile', () => {
  const long = `${'x'.repeat(80)}${'y'.repeat(1000)}`;
  const said = (text: string) => {
    const { dockerfile, findings } = parseDockerfile(text, 'Dockerfile');
    return findings.length > 0 ? findings : checkDockerfile(dockerfile, 'none', new Map());
  };

  it.each([
    ['AWS_SECRET_ACCESS_KEY=abc', 'Dockerfile:1'],
    ['secret0 x', 'Dockerfile:1'],
    ['COYP x', 'Dockerfile:1 COYP'],
    [long, 'Dockerfile:1'],
  ])('no word that cannot be a keyword: %.30s', (text, where) => {
    expect(said(text)).toEqual([{ where, problem: expect.not.stringContaining('abc') }]);
  });

  it.each([`FROM ${long} b c`, `FROM scratch AS ${long}`])('a short piece of %.30s', (text) => {
    const { problem } = said(text)[0]!;
    expect(problem).toContain('x'.repeat(80));
    expect(problem).not.toContain('y');
  });
});

it('ends no line at an escape character that is escaped itself', () => {
  const { dockerfile } = parseDockerfile('FROM scratch\nCMD a \\\\\nUSER b', 'Dockerfile');
  expect(dockerfile.stages[0]!.instructions.map(({ text }) => text)).toEqual(['a \\\\', 'b']);
});

it('takes documents of RUN and of triggers for no instructions', () => {
  const text =
    'FROM scratch\nRUN python3 3<<-"A" <<B > /x\nCOPY a b\n\tA\nC\nB\nONBUILD RUN <<D\nUSER x\nD\nRUN echo "a <<E b"\nUSER y';
  const { dockerfile } = parseDockerfile(text, 'Dockerfile');
  const found = dockerfile.stages[0]!.instructions.map(({ keyword, line }) => `${line} ${keyword}`);
  expect(found).toEqual(['2 RUN', '7 ONBUILD', '10 RUN', '11 USER']);
});
