import { describe, expect, it } from '@jest/globals';
import {
  checkDockerfile,
  neededStages,
  refuseBeyond,
} from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/check-dockerfile';
import { parseDockerfile } from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/dockerfile';
import { globalArgs } from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/scope';

const parse = (text: string) => parseDockerfile(text, 'Dockerfile');
const instructionsOf = (text: string) => parse(text).dockerfile.stages.flatMap(({ instructions }) => instructions);

describe('parseDockerfile', () => {
  it('keeps lines, flags, stages and arguments before the first FROM', () => {
    const { dockerfile, findings } = parse(
      [
        '# syntax=docker/dockerfile:1',
        '',
        'ARG V=20',
        'FROM --platform=linux/amd64 node:$V AS Build',
        'from scratch',
        'copy --from=build --chown=1:2 /a /b',
      ].join('\n'),
    );
    expect(findings).toEqual([]);
    expect(dockerfile.syntax).toBe('docker/dockerfile:1');
    expect(dockerfile.globalArgs.map(({ text, line }) => [text, line])).toEqual([['V=20', 3]]);
    expect(dockerfile.stages.map(({ name, base, platform }) => ({ name, base, platform }))).toEqual([
      { name: 'build', base: 'node:$V', platform: 'linux/amd64' },
      { name: undefined, base: 'scratch', platform: undefined },
    ]);
    expect(dockerfile.stages[1]!.instructions).toEqual([
      {
        keyword: 'COPY',
        line: 6,
        flags: { from: 'build', chown: '1:2' },
        text: '/a /b',
        written: 'COPY --from=build --chown=1:2 /a /b',
        heredocs: [],
      },
    ]);
  });

  it.each([
    ['joins lines', 'CMD echo a \\\n  b', 'echo a   b'],
    ['drops comments within', 'CMD echo a \\\n  # comment\n\n  b', 'echo a   b'],
    ['keeps a # that is no comment', 'CMD echo a # b', 'echo a # b'],
    ['reads Windows line breaks', 'CMD echo a \\\r\n  b\r\n', 'echo a   b'],
    ['takes white space after the continuation', 'CMD echo a \\  \n  b', 'echo a   b'],
  ])('%s', (_, text, joined) => {
    expect(instructionsOf(`FROM scratch\n${text}`)[0]!.text).toBe(joined);
  });

  it('takes another escape character', () => {
    const text = '# escape=`\nFROM scratch\nCMD a `\n b\nWORKDIR C:\\x';
    expect(parse(text).dockerfile.escaper).toBe('`');
    expect(instructionsOf(text).map((one) => one.text)).toEqual(['a  b', 'C:\\x']);
  });

  it.each([
    ['--from="b" --chown=\'1:2\' a c', { from: 'b', chown: '1:2' }, 'a c'],
    ['--chown="a b":"c" a c', { chown: 'a b:c' }, 'a c'],
    ['--link a c', { link: 'true' }, 'a c'],
    ['--from="b a c', { from: '"b' }, 'a c'],
  ])('takes the quotes of flags off: %s', (words, flags, text) => {
    expect(instructionsOf(`FROM scratch\nCOPY ${words}`)[0]).toMatchObject({ flags, text });
  });

  it('reads documents', () => {
    const text = 'FROM scratch\nCOPY <<A.txt <<-"B" /x/\n a $V\nA.txt\n\t\tb\n\tB\nENV C=1';
    const [copy, env] = instructionsOf(text);
    expect(copy!.heredocs).toEqual([
      { name: 'A.txt', content: ' a $V\n', expand: true },
      { name: 'B', content: 'b\n', expand: false },
    ]);
    expect([env!.keyword, env!.line]).toEqual(['ENV', 7]);
  });

  it.each([
    ['', 'Dockerfile', 'has no FROM'],
    ['ENV A=1\nFROM scratch', 'Dockerfile:1 ENV', 'before the first FROM'],
    ['FROM a b c', 'Dockerfile:1 FROM', 'FROM image [AS name]'],
    ['FROM', 'Dockerfile:1 FROM', 'FROM image [AS name]'],
  ])('refuses %j', (text, where, problem) => {
    expect(parse(text).findings).toEqual([{ where, problem: expect.stringContaining(problem) }]);
  });
});

describe('checkDockerfile', () => {
  const check = (text: string, target?: string) => {
    const { dockerfile } = parse(text);
    return checkDockerfile(dockerfile, target, globalArgs(dockerfile, {}, new Map([['TARGETARCH', 'arm64']])));
  };

  it('takes everything of the contract', () => {
    const all =
      'FROM scratch\nARG A\nENV B=1\nLABEL c=d\nWORKDIR /w\nUSER 1\nEXPOSE 80\nVOLUME /v\nSTOPSIGNAL 9\nADD a b\n' +
      'COPY --from=x --chown=1 --chmod=755 a b\nHEALTHCHECK --retries=1 NONE\nSHELL ["a"]\nENTRYPOINT a\nCMD b';
    expect(check(all)).toEqual([]);
  });

  it('names the first line that needs another builder, and the engines that could', () => {
    const [finding, ...others] = check('FROM scratch\nCOPY a b\nRUN x\nENV A=1\nRUN y');
    expect(others).toEqual([]);
    expect(finding!.where).toBe('Dockerfile:3 RUN');
    expect(finding!.problem).toMatch(/runs a command.*lines 5/);
    expect(finding!.able).toEqual(['docker', 'finch', 'podman', 'buildah']);
  });

  it.each([
    ['ONBUILD FROM x', 'cannot keep FROM'],
    ['COPY --link --link a /a', 'the flag --link twice'],
    ['COPY --from /a /b', 'the flag --from without a value'],
    ['COPY --link=yes a /a', '--link must be true or false, got "yes"'],
    ['CMD ["a", 1]', 'something other than strings'],
    ['ADD https://example.com/a /a', 'another server'],
    ['ADD git@example.com:a/b.git /a', 'another server'],
    ['ADD ["https://example.com/a", "/a"]', 'another server'],
    ['COPY --checksum=x a /a', '--checksum'],
    ['COPY <<EOT /a\nx', 'here-document that never ends'],
    ['NONSENSE x', 'is not a Dockerfile instruction'],
  ])('refuses %s', (line, reason) => {
    expect(check(`FROM scratch\n${line}`)).toEqual([
      expect.objectContaining({
        where: expect.stringContaining('Dockerfile:2'),
        problem: expect.stringContaining(reason),
      }),
    ]);
  });

  it.each([
    ['RUN x', 'runs a command, which the builtin builder cannot do; use a builder that can: docker'],
    ['NONSENSE x', 'is not a Dockerfile instruction'],
  ])('refuses %s once more where it is carried out', (line, problem) => {
    const [instruction] = instructionsOf(`FROM scratch\n${line}`);
    expect(() => refuseBeyond(instruction!, '\\')).toThrow(problem);
  });

  const stages = 'FROM scratch AS a\nRUN x\nFROM scratch AS b\nFROM b AS c\nCOPY --from=0 x y\nFROM b AS d';

  it('asks only the stages that the target needs', () => {
    const { dockerfile } = parse(stages);
    expect([0, 1, 2, 3].map((target) => neededStages(dockerfile, target, new Map()))).toEqual([
      [0],
      [1],
      [0, 1, 2],
      [1, 3],
    ]);
    expect(check(stages)).toEqual([]);
    expect(check(stages, 'C')).toHaveLength(1);
    expect(check(stages, '1')).toEqual([]);
  });

  it('finds the stages that variables name', () => {
    const text = 'ARG W=b\nFROM scratch AS b\nCOPY --checksum=x a /a\nFROM scratch AS c-arm64\nRUN x\n';
    expect(check(`${text}FROM $W`)).toEqual([expect.objectContaining({ where: 'Dockerfile:3 COPY' })]);
    expect(check(`${text}FROM c-$TARGETARCH`)).toEqual([expect.objectContaining({ where: 'Dockerfile:5 RUN' })]);
    expect(check(`${text}FROM scratch`)).toEqual([]);
  });

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the Dockerfile
    ['FROM ${X:?missing}', 'X is not set: missing'],
    ['FROM $X', 'names no image'],
  ])('refuses %s before anything is built', (line, problem) => {
    expect(check(`${line}\nENV A=1`)).toEqual([
      { where: 'Dockerfile:1 FROM', problem: expect.stringContaining(problem) },
    ]);
  });

  it('refuses a target that is not a stage', () => {
    expect(check(stages, 'z')).toEqual([
      { where: 'target', problem: expect.stringContaining('(a, b, c, d), got "z"') },
    ]);
  });
});
