import type { Context, Outcome } from '../../../shared/host/run-action';
import { showDiff, summarise } from '../../../shared/task-definition/diff';
import type { definition } from './definition';
import type { Plan } from './plan/plan';
import { writeTaskDefinition } from './write';

/** Tells what changes and writes the new file: the only effect of this action. */
export function run(
  plan: Plan,
  { log, folders, host }: Pick<Context, 'log' | 'folders' | 'host'>,
): Outcome<typeof definition> {
  for (const notice of plan.notices) log.info(notice);
  for (const { where, problem } of plan.warnings) log.warn(`${where}: ${problem}`);
  for (const { text, colour } of showDiff(plan.changes)) log.info(text, colour);
  const { name, path } = writeTaskDefinition(folders.results, `${JSON.stringify(plan.taskDefinition, null, 2)}\n`);
  const changes = summarise(plan.changes);
  log.info(`Wrote ${path} from ${plan.name}${plan.changes.length === 0 ? ', with no changes' : ''}.`);
  return {
    outputs: {
      // CodeCatalyst finds it by name in an artifact; elsewhere a later step may have another working folder.
      'task-definition': host === 'codecatalyst' ? name : path,
      'task-definition-path': path,
      family: String(plan.taskDefinition['family']),
      changes,
    },
    summary: `Rendered \`${name}\` from \`${plan.name}\`: ${changes}`,
  };
}
