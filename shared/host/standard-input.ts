import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import type { ActionDefinition } from '../manifest/definition';
import type { RawInputs } from '../manifest/parse';
import type { Context } from './action';

/** Four times what any file may have that an input names. */
const most = 4 * 1024 * 1024;

/** The inputs that are read from standard input: files that are given as `-`. */
const readFrom = ({ inputs }: ActionDefinition, raw: RawInputs): string[] =>
  Object.keys(inputs).filter((name) => inputs[name]!.type.isFile && raw(name)?.trim() === '-');

/**
 * The inputs with a private file in the place of `-`, which has what came from standard input. Nothing else needs to know
 * of it then; a pipe or a socket could be read only once.
 *
 * @throws InputError where several inputs are `-`, or too much comes; the reason of the signal
 */
export async function withStandardInput(
  definition: ActionDefinition,
  context: Pick<Context, 'raw' | 'temp' | 'signal'>,
  stdin: () => AsyncIterable<Buffer>,
): Promise<RawInputs> {
  const { raw, temp } = context;
  const [name, ...others] = readFrom(definition, raw);
  if (name === undefined) return raw;
  if (others.length > 0) {
    const problem = `and ${others.join(', ')} cannot all be read from standard input; use files`;
    throw new InputError([{ where: name, problem }]);
  }
  // Not read above: the signal is made when it is asked for.
  const bytes = await collect(name, stdin(), context.signal);
  const path = join(temp.path(), 'standard-input');
  writeFileSync(path, bytes);
  return (asked) => (asked === name ? path : raw(asked));
}

async function collect(name: string, chunks: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Buffer> {
  const read = async () => {
    const all: Buffer[] = [];
    let length = 0;
    for await (const chunk of chunks) {
      all.push(chunk);
      length += chunk.length;
      if (length > most) throw new InputError([{ where: name, problem: 'standard input has more than 4 MiB' }]);
    }
    return Buffer.concat(all);
  };
  const interrupted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([read(), interrupted]);
}
