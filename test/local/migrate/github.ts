import type { Edit } from './edits';
import { migrateSteps } from './github-steps';
import type { Findings } from './migrate';
import type { YamlFile } from './nodes';

/** The edits that move a workflow of GitHub, or a composite action. */
export function migrateGitHub(file: YamlFile, space: string, findings: Findings): Edit[] {
  const root = file.composed.contents;
  const composite = file.field(file.field(root, 'runs'), 'steps');
  if (composite) return migrateSteps(file, { steps: composite, job: undefined, root, space, findings });
  return file.pairs(file.field(root, 'jobs')).flatMap(({ name, pair }) => {
    const steps = file.field(pair.value, 'steps');
    return migrateSteps(file, { steps, job: { name, node: pair.value }, root, space, findings });
  });
}
