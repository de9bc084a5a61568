import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A statement of an IAM policy in `docs/iam`. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

const folder = join(__dirname, '../../docs/iam');

/** The names of all policies, without `.json`. */
export const policyNames = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

/** The policy `docs/iam/<name>.json`. */
export const readPolicy = (name: string): Policy =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Policy;

/** The entry as a list: IAM takes one text or several. */
export const listOf = (entry: string | readonly string[]): readonly string[] => [entry].flat();

/** The actions that the policy `docs/iam/<name>.json` allows. */
export const allowedActions = (name: string): Set<string> =>
  new Set(readPolicy(name).Statement.flatMap(({ Action }) => listOf(Action)));
