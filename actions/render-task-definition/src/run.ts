import { placeIn } from '../../../shared/errors';
import type { Context, Outcome } from '../../../shared/host/run-action';
import { escapeMarkdown, markdownCode, markdownLog } from '../../../shared/markdown';
import { showDiff, summarise } from '../../../shared/task-definition/diff';
import type { definition } from './definition';
import type { Plan } from './plan/plan';
import { writeTaskDefinition } from './write';

/** Changes that a summary lists; more are in the log. */
const mostListed = 50;

/** What changed, as Markdown. */
function summaryOf({ name, changes }: Plan, written: string, masked: (text: string) => string): string {
  const lines = showDiff(changes).map(({ text }) => masked(text));
  const more = lines.length > mostListed ? [`… ${lines.length - mostListed} more lines are in the log`] : [];
  return [
    `Rendered ${markdownCode(written)} from ${markdownCode(masked(name))}: ${escapeMarkdown(masked(summarise(changes)))}`,
    ...(lines.length > 0 ? [markdownLog([...lines.slice(0, mostListed), ...more])] : []),
  ].join('\n\n');
}

/** Tells what changes and writes the new file: the only effect of this action. */
export function run(
  plan: Plan,
  { log, folders, host }: Pick<Context, 'log' | 'folders' | 'host'>,
): Outcome<typeof definition> {
  for (const notice of plan.notices) log.info(notice);
  for (const { where, problem } of plan.warnings) log.warn(`${where}: ${problem}`, placeIn(where));
  if (plan.changes.length > 0) {
    const endGroup = log.group(`Changes to ${plan.name}`);
    for (const { text, colour } of showDiff(plan.changes)) log.info(text, colour);
    endGroup();
  }
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
    // A getter: two of the three hosts do not ask for it.
    get summary() {
      return summaryOf(plan, name, (text) => log.masked(text));
    },
  };
}
