import { exitMeanings } from '../errors';
import { type ActionDefinition, type Input, outputText } from './definition';

/** The inputs of an action by the heading under which the reader finds them, in the order of the definition. */
export function inputGroups(definition: ActionDefinition): Map<string, [name: string, input: Input<unknown>][]> {
  const groups = new Map<string, [string, Input<unknown>][]>();
  for (const entry of Object.entries(definition.inputs)) {
    const group = entry[1].group;
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return groups;
}

/** The form of an input, where its description does not tell it. */
export const formOf = ({ type }: Input<unknown>): string =>
  ['text', 'number'].includes(type.form) ? '' : ` Form: ${type.form}.`;

/** Columns of a terminal that everybody has. */
const width = 100;

/** What every action knows beside its inputs. */
const commonOptions: readonly [option: string, text: string][] = [
  ['--format FORMAT', 'Form of the outputs: text (default), json (with "error" where it failed) or dotenv.'],
  ['--json', 'The same as --format json.'],
  ['--output FILE', 'Write the outputs into a file instead of standard output.'],
  ['--help', 'Print this text.'],
  ['--version', 'Print the version.'],
];

const notes = [
  'An input may also be set by the variable INPUT_<NAME> (upper case); the command line wins. A flag alone is true; an ' +
    'input of several lines may be repeated; - reads an input that is a file from standard input.',
  'The log goes to standard error, the outputs to standard output. The region and credentials are found as by the AWS ' +
    'CLI: AWS_REGION, AWS_PROFILE, AWS_DEFAULT_PROFILE, ~/.aws/config. NO_COLOR and FORCE_COLOR are honored.',
];

/** The text of `--help`: at most 100 columns. */
export function helpText(definition: ActionDefinition): string {
  const { name, description, outputs, examples = [] } = definition;
  const required = Object.entries(definition.inputs).filter(([, input]) => input.required);
  const usage = [name, ...required.map(([input]) => `--${input} VALUE`), '[--input VALUE …]'].join(' ');
  const inputs = [...inputGroups(definition)].flatMap(([group, entries]) => [
    '',
    `${group}:`,
    ...entries.flatMap(([input, of]) => item(optionOf(input, of), inputText(of))),
  ]);
  return [
    ...wrap(description),
    '',
    ...wrap(`Usage: ${usage}`, '', '       '),
    ...(examples.length > 0 ? ['', 'Examples:', ...examples.flatMap((text) => exampleLines(name, text))] : []),
    ...inputs,
    '',
    'Options:',
    ...commonOptions.flatMap(([option, text]) => item(option, text)),
    ...notes.flatMap((note) => ['', ...wrap(note)]),
    '',
    'Outputs:',
    ...Object.entries(outputs).flatMap(([output, of]) => item(output, outputText(of))),
    '',
    'Exit status:',
    ...Object.entries(exitMeanings).map(([status, meaning]) => `  ${status}      ${meaning}`),
    '  128+n  ended by signal n',
    '',
  ].join('\n');
}

function optionOf(name: string, { required, default: value, type }: Input<unknown>): string {
  const isPlainFlag = type.adk === 'boolean';
  const note = required ? ' (required)' : value === undefined ? '' : ` (default ${value})`;
  return `--${name}${isPlainFlag ? '' : ' VALUE'}${note}`;
}

const inputText = (input: Input<unknown>): string => input.description + formOf(input).replace(/`/g, '');

const item = (head: string, text: string): string[] => [`  ${head}`, ...wrap(text, '      ')];

/** A command, continued as in a shell where it is long; within quotes a shell continues nothing. */
function exampleLines(name: string, text: string): string[] {
  const lines = wrap([name, ...(text.match(/(?:'[^']*'|[^ '])+/g) ?? [])], '  ', '    ', width - 2);
  return lines.map((line, at) => (at < lines.length - 1 ? `${line} \\` : line));
}

/** Words, or those of a text, in lines of a width; a word that is longer has a line of its own. */
function wrap(text: string | readonly string[], indent = '', next = indent, most = width): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of typeof text === 'string' ? text.split(' ') : text) {
    const isEmpty = line.trim() === '';
    if (!isEmpty && line.length + 1 + word.length > most) {
      lines.push(line);
      line = next + word;
    } else {
      line += isEmpty ? word : ` ${word}`;
    }
  }
  return [...lines, line];
}
