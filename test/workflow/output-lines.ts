/** The pattern of CodeCatalyst's local runner: a command, its parameters, its value, and a line break. */
const command = /^::([^ ]+)( (.+))?::([^\r\n]*)[\r\n]+$/;

/** The text of an item that says all in its message. */
const freeText = 'CUSTOM';

/** The output that a failed action explains itself with. */
export const summaryName = 'ACTION_RUN_SUMMARY';

/** An output that a line sets, or undefined where the line is only a line. */
export function readOutputLine(line: string): { readonly name: string; readonly value: string } | undefined {
  const [, word, , parameters = '', value = ''] = command.exec(line) ?? [];
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
