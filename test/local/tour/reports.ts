import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A report that a deployment of the tour has left. */
export interface KeptReport {
  /** The name of its act. */
  readonly name: string;
  /** The page, and the same facts for machines. */
  readonly files: { readonly html: string; readonly json: string | undefined };
  read(): string;
}

/** Why the deployment of an act failed, as its report says; undefined if there is none, or it did not fail. */
export function causeOf(artifacts: string, name: string): string | undefined {
  const json = reportsIn(artifacts).find((report) => report.name === name)?.files.json;
  const { cause } = json === undefined ? {} : (JSON.parse(readFileSync(json, 'utf8')) as { readonly cause?: string });
  return cause;
}

/** The reports in the folder of the artifacts, by the name of the act, in the order in which they were written. */
export function reportsIn(artifacts: string): readonly KeptReport[] {
  const names = existsSync(artifacts) ? readdirSync(artifacts) : [];
  const reports = names.flatMap((name): KeptReport[] => {
    const folder = join(artifacts, name, 'Report');
    const files = existsSync(folder) ? readdirSync(folder) : [];
    const path = (ending: string) => files.filter((file) => file.endsWith(ending)).map((file) => join(folder, file))[0];
    const html = path('.html');
    return html ? [{ name, files: { html, json: path('.json') }, read: () => readFileSync(html, 'utf8') }] : [];
  });
  return reports.sort((one, other) => statSync(one.files.html).mtimeMs - statSync(other.files.html).mtimeMs);
}
