import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle';

/** Writes into the place of docs/simulation.md that has this name. @throws Error where there is none */
export function writeInto(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const path = join(root, 'docs/simulation.md');
  const page = readFileSync(path, 'utf8');
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${path} has no place for ${name}`);
  writeFileSync(path, `${before}${begin}\n\n${text}\n${end}${after}`);
}
