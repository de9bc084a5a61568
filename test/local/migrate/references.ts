import { applyEdits, type Edit } from './edits';
import { openYaml, type YamlFile } from './nodes';

/** A reference that is called otherwise now. */
export interface Rename {
  readonly from: string | RegExp;
  readonly to: string;
  /** The job of a GitHub workflow in which it holds; everywhere without one. */
  readonly job?: string | undefined;
}

/** The text with references renamed in all values; comments stay as they are. */
export function renameReferences(text: string, renames: readonly Rename[]): string {
  if (renames.length === 0) return text;
  const file = openYaml(text);
  return 'problem' in file ? text : applyEdits(text, editsOf(file, renames));
}

function editsOf(file: YamlFile, renames: readonly Rename[]): Edit[] {
  const jobs = file.field(file.composed.contents, 'jobs');
  const scalars = new Map(file.scalars().map((scalar) => [scalar, scalar.range!]));
  return [...scalars].flatMap(([scalar, [from, to]]) => {
    const source = file.text.slice(from, to);
    let result = source;
    for (const { from: old, to: now, job } of renames) {
      if (job !== undefined && !file.scalars(file.field(jobs, job)).includes(scalar)) continue;
      result = typeof old === 'string' ? result.split(old).join(now) : result.replace(old, now);
    }
    return result === source ? [] : [{ from, to, text: result }];
  });
}
