import type { Finding } from '../../../shared/errors';
import { quoted } from '../../../shared/excerpt';
import type { Inputs } from './definition';

const names = ['task-definition', 'task-definition-arn', 'task-definition-family', 'task-definition-revision'] as const;

/** The inputs that may name the task definition, as aws-actions/amazon-ecs-render-task-definition has them. */
export type SourceInputs = Partial<Pick<Inputs, (typeof names)[number]>>;

/** The input that tells what is read or fetched, and its name: `task-definition` wins, then the ARN, then the family. */
export function sourceName(inputs: SourceInputs): { readonly where: (typeof names)[number]; readonly name: string } {
  const where = names.find((name) => inputs[name]) ?? 'task-definition';
  const revision = inputs['task-definition-revision'];
  const name = String(inputs[where] ?? '');
  return { where, name: where === 'task-definition-family' && revision ? `${name}:${revision}` : name };
}

/** What is given besides the input that wins, in a line; undefined where nothing is. */
export function unusedNames(inputs: SourceInputs): string | undefined {
  const { where } = sourceName(inputs);
  const partners = where === 'task-definition-family' ? ['task-definition-revision'] : [];
  const unused = names.filter((name) => name !== where && inputs[name] && !partners.includes(name));
  return unused.length === 0 ? undefined : `${unused.join(', ')}: not used, as ${where} is set`;
}

/** What is wrong with these inputs. */
export function sourceProblems(inputs: SourceInputs): Finding[] {
  const { 'task-definition': given, 'task-definition-arn': arn, 'task-definition-family': family } = inputs;
  const findings: Finding[] = [];
  if (!given && arn !== undefined && !arn.startsWith('arn:')) {
    findings.push({
      where: 'task-definition-arn',
      problem: `must be the ARN of a task definition, got ${quoted(arn)}`,
    });
  }
  if (!given && !arn && family !== undefined && !/^[A-Za-z0-9_-]{1,255}$/.test(family)) {
    const problem = `must be up to 255 letters, digits, hyphens and underscores, got ${quoted(family)}`;
    findings.push({ where: 'task-definition-family', problem });
  }
  if (!given && !arn && !family && inputs['task-definition-revision'] !== undefined) {
    findings.push({ where: 'task-definition-revision', problem: 'requires task-definition-family beside it' });
  }
  return findings;
}
