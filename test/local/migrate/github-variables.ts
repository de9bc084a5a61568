// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import type { Steps } from './github-steps';
import type { YamlFile } from './nodes';
import type { HostOfScript } from './script-text';

/** What a script of a GitHub workflow knows. */
export interface Surroundings {
  readonly host: HostOfScript;
  readonly variables: Readonly<Record<string, string>>;
  /** A text with the variables of the workflow filled in that name a registry. */
  fill(text: string): string;
}

const expression = /\$\{\{.*?\}\}/gs;
const isRegistry = (value: string) => value.includes('.dkr.ecr');
const withoutSpaces = (text: string) => text.replace(/\s/g, '');

/**
 * Variables of the steps, the job and the workflow, unless two steps differ in one. What is one word only stays an
 * expression, as others may use it too; a registry is filled in, as its account and region matter.
 */
export function surroundingsOf(file: YamlFile, run: readonly unknown[], of: Steps): Surroundings | undefined {
  const { job, root, steps } = of;
  const outer = [root, job?.node].flatMap((node) => textsIn(file, file.field(node, 'env')));
  const values = new Map(outer);
  const fill = (text: string) =>
    text.replace(/\$\{\{\s*env\.(\w+)\s*\}\}/g, (found, name: string) => {
      const value = values.get(name);
      return value !== undefined && isRegistry(value) ? value : found;
    });
  const own = run.flatMap((step) => textsIn(file, file.field(step, 'env')));
  const isClear = own.every(([name, value]) => own.every(([other, said]) => other !== name || said === value));
  if (!isClear) return undefined;
  const shared = outer.map(([name, value]) => [name, isWord(value) ? `\${{ env.${name} }}` : value]);
  const made = ['AWS_REGION', 'AWS_DEFAULT_REGION', ...writtenBefore(file, steps, run[0])];
  const ofSteps = made.map((name) => [name, `\${{ env.${name} }}`]);
  const filled = own.map(([name, value]) => [name, fill(value)]);
  const untagged = namesWithoutTag(file, of, made);
  return {
    host: {
      expression,
      commit: '${{ github.sha }}',
      isUntagged: (text) => untagged.some((one) => one.test(withoutSpaces(text))),
    },
    variables: Object.fromEntries([...ofRunner, ...shared, ...ofSteps, ...filled]),
    fill,
  };
}

const ofRunner = [
  ['GITHUB_SHA', '${{ github.sha }}'],
  ['GITHUB_WORKSPACE', '${{ github.workspace }}'],
  ['GITHUB_REF_NAME', '${{ github.ref_name }}'],
  ['GITHUB_RUN_NUMBER', '${{ github.run_number }}'],
  ['GITHUB_RUN_ID', '${{ github.run_id }}'],
];

const isWord = (value: string) => /^[\w.-]+$/.test(value) && !isRegistry(value);

const textsIn = (file: YamlFile, env: unknown): [string, string][] =>
  file.pairs(env).map(({ name, pair }) => [name, file.scalar(pair.value) ?? '']);

/** The variables that steps before this one write for those behind them; the two of the region are from the credentials' action. */
function writtenBefore(file: YamlFile, steps: unknown, first: unknown): string[] {
  const all: readonly unknown[] = file.items(steps);
  return all.slice(0, all.indexOf(first)).flatMap((step) => {
    const lines = (file.textIn(step, 'run') ?? '').split('\n').filter((line) => /\bGITHUB_ENV\b/.test(line));
    return lines.flatMap((line) => /^\s*(?:echo|printf)\s+["']?([A-Za-z_]\w*)=/.exec(line)?.[1] ?? []);
  });
}

/** Expressions, without spaces, that are known to end in no `:tag`: names of repositories, and variables and matrices whose values show it. */
function namesWithoutTag(file: YamlFile, { job, root }: Steps, made: readonly string[]): RegExp[] {
  const env = [root, job?.node].flatMap((node) => textsIn(file, file.field(node, 'env')));
  const words = new Set(env.flatMap(([name, value]) => (isWord(value) && !made.includes(name) ? [name] : [])));
  const matrix = file.scalars(file.field(job?.node, 'strategy'));
  const isPlainMatrix = matrix.length > 0 && matrix.every(({ value }) => !/[:$]/.test(String(value)));
  return [
    /^\$\{\{(?:[\w-]+\.)+[\w-]*repo(?:sitory)?(?:_?-?name)?\}\}$/i,
    /^\$\{\{github\.(?:event\.repository\.name|repository|repository_owner|sha|ref_name|run_number)\}\}$/,
    ...(isPlainMatrix ? [/^\$\{\{matrix\.[\w.-]+\}\}$/] : []),
    ...[...words].map((name) => new RegExp(`^\\$\\{\\{env\\.${name}\\}\\}$`)),
  ];
}
