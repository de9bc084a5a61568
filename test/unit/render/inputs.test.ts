import { describe, expect, it } from '@jest/globals';
import { type Given, problemsOf, readSound } from './support';

const read = (given: Given) => readSound({ 'task-definition': 'task.json', ...given });
const problems = (given: Given) => problemsOf(() => read(given));

describe('readInputs', () => {
  it('takes container names under both inputs, each once', () => {
    const given = { 'container-name': 'a, b', 'container-definition-name': 'b\nc' };
    expect(read(given).containers).toEqual(['a', 'b', 'c']);
  });

  it('takes images by container', () => {
    expect([...read({ images: 'a=x:1\nb = y:2' }).images]).toEqual([
      ['a', 'x:1'],
      ['b', 'y:2'],
    ]);
  });

  it.each<[given: Given, problem: string]>([
    [{ image: 'App' }, 'image: must have a repository name in lower case, got "App"'],
    [
      { image: '$IMAGE' },
      'image: still holds the placeholder $IMAGE; set it to an output or variable of the step that knows the image, got',
    ],
    [
      { images: 'a=<IMAGE>' },
      'images: still holds the placeholder <IMAGE>; set it to an output or variable of the step',
    ],
    [
      { image: 'repo:$(date +%s)' },
      'image: still holds the placeholder $(date; no command is run here: set it to an output',
    ],
    [{ images: 'a=x\na=y' }, 'images: names a more than once'],
    [{ images: 'x:1' }, 'images: line 1 must have the form container=image, got "x:1"'],
    [{ image: 'x', images: 'a=y' }, 'image: needs container-name beside images'],
    [{ image: 'x', images: 'a=y', 'container-name': 'a' }, 'images: sets another image for a than the input image'],
    [{ 'environment-variables': 'A=1', secrets: 'A=b' }, 'secrets: A is also in environment-variables; keep one'],
    [{ tags: '-a' }, 'tags: line 1 must have the form key=value, got "-a"'],
    [{ command: '["a", 1]' }, 'command: begins with [ but is not a JSON array of strings'],
    [{ command: 'sh -c "x' }, 'command: has a quote (") that is never closed at character 7'],
    [{ 'environment-mode': 'swap' }, 'environment-mode: must be one of merge, replace'],
    [{ 'task-definition': '' }, 'task-definition: is required but not set'],
  ])('refuses %j', (given, problem) => {
    expect(problems(given).join('\n')).toContain(problem);
  });

  it('reports them together', () => {
    expect(problems({ image: 'A', command: "'", region: 'x', 'environment-variables': 'B' })).toHaveLength(4);
  });

  it.each<[input: string, text: string, last: string | undefined]>([
    ['environment-variables', 'A=1\nB=0\nA=2', '2'],
    ['environment-variables', 'A=1\n-A', undefined],
    ['secrets', 'A=/1\nA=/2', '/2'],
    ['docker-labels', 'A=1\nA=2', '2'],
    ['log-configuration-options', 'A=1\nA=2', '2'],
    ['tags', 'A=1\nA=2', '2'],
  ])('takes the last of a name that %s gives twice, and warns', (where, text, last) => {
    const { inputs, warnings } = read({ [where]: text });
    const given = inputs[where as keyof typeof inputs] as readonly { name: string; value?: string }[];
    expect(given.filter(({ name }) => name === 'A').map(({ value }) => value)).toEqual([last]);
    expect(warnings).toEqual([{ where, problem: 'names A more than once; the last one counts' }]);
  });

  it('keeps white space at the end of a value, and says so', () => {
    const { inputs, warnings } = read({ 'environment-variables': 'A=1 \r\nB= 2\nC=\t' });
    expect(inputs['environment-variables']?.map((one) => 'value' in one && one.value)).toEqual(['1 ', ' 2', '\t']);
    expect(warnings.map(({ problem }) => problem)).toEqual(
      ['A', 'C'].map((name) => `the value of ${name} ends in white space; it is kept`),
    );
  });

  it('leaves comments out, but not values that begin with one', () => {
    const { inputs } = read({ 'environment-variables': '# A=0\n  #B=1\nC=#2\nD<<E\n#3\nE\n#' });
    expect(inputs['environment-variables']).toEqual([
      { name: 'C', value: '#2' },
      { name: 'D', value: '#3' },
    ]);
  });

  it('accepts the removal of a variable that becomes a secret', () => {
    expect(problems({ 'environment-variables': '-A', secrets: 'A=arn' })).toEqual([]);
  });

  it('never shows a line that may be a part of a secret', () => {
    expect(
      problems({ secrets: 'A<<END\nhunter2' })
        .concat(problems({ 'environment-variables': 'hunter2' }))
        .join(),
    ).not.toContain('hunter2');
  });
});
