import { readExports } from '../../../actions/build-and-push/src/builders/exporter';
import { builderNames, definition } from '../../../actions/build-and-push/src/definition';
import { offeredOn } from '../../../shared/manifest/definition';
import { splitRecords } from '../../../shared/manifest/records';
import { columnOf, type Edit, withVersionComment } from './edits';
import { addVariables, loginVariables } from './github-env';
import { usedBy } from './github-login';
import type { Steps } from './github-steps';
import { notEcr } from './image-name';
import { startOf, type YamlFile } from './nodes';

/** Inputs of docker/build-push-action that build-and-push has with the same meaning. */
const known = new Set(Object.keys(offeredOn('github', definition).inputs));

/** Whether a step of docker/build-push-action pushes; one that an expression decides about does. */
export function pushesImage(file: YamlFile, step: unknown): boolean {
  const { push } = exportsOf(file, step);
  const text = file.textIn(file.field(step, 'with'), 'push');
  return push || (text !== undefined && text !== 'false');
}

function exportsOf(file: YamlFile, step: unknown) {
  const given = file.field(step, 'with');
  const split = splitRecords(file.textIn(given, 'outputs') ?? '');
  return readExports({
    push: file.textIn(given, 'push') === 'true',
    load: file.textIn(given, 'load') === 'true',
    outputs: 'records' in split && split.records.length > 0 ? split.records : undefined,
  });
}

/** A step of docker/build-push-action becomes one of build-and-push: by its `uses:` line, as the inputs are the same. */
export function replaceBuildAction(file: YamlFile, step: unknown, of: Steps): Edit[] {
  const line = file.lineOf(step);
  const problem = whyNot(file, step, of);
  if (problem !== undefined) {
    of.findings.leave(line, `docker/build-push-action stays: ${problem}`);
    return [];
  }
  const login = addVariables(file, step, needsLogin(file, step, of));
  if (login === undefined) {
    of.findings.leave(
      line,
      'docker/build-push-action stays: the login to ECR has variables of its own; give them to this step too',
    );
    return [];
  }
  const given = file.field(step, 'with');
  const saysWhere = ['push', 'load', 'outputs'].some((name) => file.textIn(given, name) !== undefined);
  const [first] = file.pairs(given);
  const to = `${of.space}/${definition.name}@v1`;
  of.findings.move(line, `${file.textIn(step, 'uses')} becomes ${to}`);
  const uses = withVersionComment(file.text, file.replaceScalar(file.field(step, 'uses'), to));
  if (saysWhere || !first) return [...login, uses];
  // By default, docker/build-push-action does not push, and build-and-push does.
  const from = startOf(first.pair.key);
  return [...login, uses, { from, to: from, text: `push: false\n${' '.repeat(columnOf(file.text, from))}` }];
}

/** Who pushes logs in, as the login to ECR did. */
const needsLogin = (file: YamlFile, step: unknown, { steps }: Steps): ReadonlyMap<string, string> =>
  pushesImage(file, step) ? loginVariables(file, steps) : new Map();

/** Why a step cannot be moved; undefined where it can. */
function whyNot(file: YamlFile, step: unknown, of: Steps): string | undefined {
  const given = file.field(step, 'with');
  const textOf = (name: string) => file.textIn(given, name);
  const inputs = file.pairs(given);
  if (inputs.length === 0) return 'it has no inputs';
  for (const { name } of inputs) {
    const refusal = definition.refused?.[name];
    if (refusal && !refusal.harmless?.includes(textOf(name) ?? '')) return `its input ${name} ${refusal.reason}`;
    if (!refusal && !known.has(name)) return `${definition.name} has no counterpart of its input ${name}`;
  }
  const [output] = exportsOf(file, step).findings;
  if (output) return `its output ${output.problem}`;
  const builder = textOf('builder') ?? '';
  if (['auto', ...builderNames].includes(builder)) return `${definition.name} reads builder: ${builder} in another way`;
  const context = textOf('context');
  if (/^(?:[a-z+]+:\/\/|git@)|\{\{\s*defaultContext/.test(context ?? '')) return 'its context is not a directory';
  const isFlow = file.text[startOf(given)] === '{';
  if (isFlow && !['push', 'load', 'outputs'].some((name) => textOf(name) !== undefined)) {
    return 'its inputs are written in one line with braces';
  }
  const repository = pushesImage(file, step) ? repositoryOf(file, tagsIn(textOf('tags') ?? ''), of) : '';
  if (typeof repository !== 'string') return repository.problem;
  const isLeftToGit = context === undefined && !isCheckedOut(file, step, of);
  return isLeftToGit ? 'it fetches its context from Git; check it out before' : undefined;
}

const tagsIn = (text: string) => text.split(/[\n,]/).flatMap((tag) => tag.trim() || []);

/** Whether a step before checks the repository out. The steps of a composite action rely on the job that uses it. */
function isCheckedOut(file: YamlFile, step: unknown, { steps, job }: Steps): boolean {
  const all: readonly unknown[] = file.items(steps);
  const before = all.slice(0, all.indexOf(step));
  return job === undefined || before.some((one) => /(?:^|\/)checkout$/.test(usedBy(file, one)));
}

/** The one repository in ECR that all tags are of. */
function repositoryOf(file: YamlFile, tags: readonly string[], of: Steps): string | { readonly problem: string } {
  const names = tags.flatMap((tag) => {
    const [, id] = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}$/.exec(tag) ?? [];
    return id === undefined ? [tag] : imagesOf(file, id, of);
  });
  const found = new Set<string>();
  for (const name of names) {
    const plain = filled(file, name, of);
    const [, host = '', repository = ''] = /^((?:\$\{\{.*?\}\}|[^/$])+)\/((?:\$\{\{.*?\}\}|[^:$])+)/s.exec(plain) ?? [];
    const [, login] = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.registry\s*\}\}$/.exec(host) ?? [];
    if (login !== undefined && isPublic(file, login, of)) return { problem: 'it pushes to ECR Public' };
    const isEcr = /\.dkr\.ecr[.-]/.test(host) || login !== undefined;
    if (!isEcr || !repository) return { problem: notEcr(plain, 'in a registry') };
    found.add(repository);
  }
  const [only, second] = found;
  if (only === undefined) return { problem: 'it has no tags' };
  return second === undefined ? only : { problem: 'it pushes to more than one repository' };
}

const isPublic = (file: YamlFile, id: string, { steps }: Steps): boolean =>
  file
    .items(steps)
    .some(
      (step) => file.textIn(step, 'id') === id && file.textIn(file.field(step, 'with'), 'registry-type') === 'public',
    );

/** The images that docker/metadata-action makes the names of. */
function imagesOf(file: YamlFile, id: string, { steps }: Steps): string[] {
  const step = file.items(steps).find((one) => file.textIn(one, 'id') === id);
  const images = file.textIn(file.field(step, 'with'), 'images') ?? '';
  return images.split(/[\n,]/).flatMap((image) => image.trim().replace(/^name=/, '') || []);
}

/** A name with the variables of the workflow that hold more than one word. */
function filled(file: YamlFile, name: string, { job, root }: Steps): string {
  const env = [root, job?.node].flatMap((node) => file.pairs(file.field(node, 'env')));
  const values = new Map(env.map(({ name: own, pair }) => [own, file.scalar(pair.value) ?? '']));
  return name.replace(/\$\{\{\s*env\.(\w+)\s*\}\}/g, (found, own: string) => {
    const value = values.get(own);
    return value !== undefined && /[./]/.test(value) ? value : found;
  });
}
