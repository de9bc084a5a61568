import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A report that a deployment of the tour has left. */
export interface KeptReport {
  /** The name of its act. */
  readonly name: string;
  /** The page, and the same facts for machines. */
  readonly files: { readonly html: string; readonly json: string | undefined };
  read(): string;
}

/** The reports in the folder of the artifacts, by the name of the act. */
export function reportsIn(artifacts: string): readonly KeptReport[] {
  const names = existsSync(artifacts) ? readdirSync(artifacts) : [];
  return names.flatMap((name) => {
    const folder = join(artifacts, name, 'Report');
    const files = existsSync(folder) ? readdirSync(folder) : [];
    const path = (ending: string) => files.filter((file) => file.endsWith(ending)).map((file) => join(folder, file))[0];
    const html = path('.html');
    return html ? [{ name, files: { html, json: path('.json') }, read: () => readFileSync(html, 'utf8') }] : [];
  });
}
