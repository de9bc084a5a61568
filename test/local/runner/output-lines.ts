/**
 * The form of CodeCatalyst's local runner, `/^::([^ ]+)( (.+))?::([^\r\n]*)[\r\n]+$/`: a command, its parameters, its value,
 * and a line break. Taken apart by hand, as the pattern tries every "::" of a long line with every other one.
 */
function commandIn(line: string): { word: string; parameters: string; value: string } | undefined {
  const text = line.replace(/[\r\n]{1,2}$/, '');
  const end = text.lastIndexOf('::');
  if (text === line || !text.startsWith('::') || end < 3 || /[\r\n]/.test(text)) return undefined;
  const [, word = '', , parameters = ''] = /^([^ ]+)( (.+))?$/.exec(text.slice(2, end)) ?? [];
  return { word, parameters, value: text.slice(end + 2) };
}

/** The text of an item that says all in its message. */
const freeText = 'CUSTOM';

/** The output that a failed action explains itself with. */
export const summaryName = 'ACTION_RUN_SUMMARY';

/** An output that a line sets, or undefined where the line is only a line. */
export function readOutputLine(line: string): { readonly name: string; readonly value: string } | undefined {
  const { word, parameters = '', value = '' } = commandIn(line) ?? {};
  if (word !== 'set-output') return undefined;
  // Parameters are parted by commas; one with any other number of "=" than one is dropped.
  const pairs = parameters.split(',').map((pair) => pair.split('='));
  const name = pairs.filter((pair) => pair.length === 2 && pair[0] === 'name').pop()?.[1] ?? '';
  return { name, value };
}

/**
 * What an action's run summary fails it with, one line each item of the level Error.
 *
 * @throws Error where the summary is not a JSON array, which fails the action too.
 */
export function failuresIn(summary: string): string[] {
  const items = JSON.parse(summary) as readonly { text?: string; level?: string; message?: string }[];
  return items
    .filter(({ level }) => level === 'Error')
    .map(({ text, message }) => (text === freeText ? '' : `[${text}] `) + readable(message));
}

/** A message is a JSON-encoded string where the kit wrote it. */
function readable(message = ''): string {
  try {
    return String(JSON.parse(message));
  } catch {
    return message;
  }
}
