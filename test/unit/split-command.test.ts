import { describe, expect, it } from '@jest/globals';
import { splitCommand } from '../../shared/split-command';
import { fc } from '../support/properties';

describe('splitCommand', () => {
  it.each<[text: string, words: string[]]>([
    ['["sh","-c","echo  $PORT"]', ['sh', '-c', 'echo  $PORT']],
    [' [ ]', []],
    ['npm start', ['npm', 'start']],
    ['  npm \n start\t', ['npm', 'start']],
    ['sh -c "echo \\"hi\\" $PORT"', ['sh', '-c', 'echo "hi" $PORT']],
    ['sh -c \'echo "hi" \\n\'', ['sh', '-c', 'echo "hi" \\n']],
    ['a\\ b "c\\d" \\"', ['a b', 'c\\d', '"']],
    ['--x="y z"\'w\'', ['--x=y zw']],
    ['a "" \'\'', ['a', '', '']],
    ['a \\\n b', ['a', 'b']],
    ['a\\\r\nb "c\\\nd"', ['ab', 'cd']],
    ['$(rm -rf /) `id` ; | &', ['$(rm', '-rf', '/)', '`id`', ';', '|', '&']],
    ['ünï çödé 🙂', ['ünï', 'çödé', '🙂']],
    ['', []],
  ])('reads %j', (text, words) => {
    expect(splitCommand(text)).toEqual({ words });
  });

  it.each([
    ['a "b', 'has a quote (") that is never closed at character 3'],
    ["it's", "has a quote (') that is never closed at character 3"],
    ['a\\', 'has a backslash with nothing after it at character 2'],
    ['["a"', 'begins with [ but is not a JSON array of strings, such as ["sh", "-c", "node server.js"]'],
    ['["a", null]', 'begins with [ but is not a JSON array of strings, such as ["sh", "-c", "node server.js"]'],
  ])('refuses %j', (text, problem) => {
    expect(splitCommand(text)).toEqual({ problem });
  });

  it('gives back any words that were quoted as a shell quotes them', () => {
    const quote = (word: string) => `'${word.replace(/'/g, "'\\''")}'`;
    const words = fc.array(fc.string({ unit: 'binary' })).filter((list) => list[0]?.[0] !== '[');
    fc.assert(
      fc.property(words, (given) => {
        expect(splitCommand(given.map(quote).join(' '))).toEqual({ words: given });
        expect(splitCommand(JSON.stringify(given))).toEqual({ words: given });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Object.keys(splitCommand(text)).length === 1));
  });
});
