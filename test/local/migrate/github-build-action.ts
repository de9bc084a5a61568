import { definition } from '../../../actions/build-and-push/src/definition';
import { offeredOn } from '../../../shared/manifest/definition';
import { yamlText } from './build-inputs';
import { columnOf, type Edit } from './edits';
import type { Steps } from './github-steps';
import { startOf, type YamlFile } from './nodes';

/** Inputs of docker/build-push-action that mean the same, or nothing, in build-and-push. */
const known = new Set(Object.keys(offeredOn('github', definition).inputs));

/** Inputs that build-and-push has under the same name with another meaning. */
const others = new Set(['builder']);

/** A step of docker/build-push-action that pushes to ECR becomes one of build-and-push. */
export function replaceBuildAction(file: YamlFile, step: unknown, of: Steps): Edit[] {
  const line = file.lineOf(step);
  const leave = (problem: string): Edit[] => {
    of.findings.leave(line, `docker/build-push-action stays: ${problem}`);
    return [];
  };
  const inputs = file.pairs(file.field(step, 'with'));
  const [first] = inputs;
  if (!first) return leave('it has no inputs');
  if (file.text[startOf(file.field(step, 'with'))] === '{')
    return leave('its inputs are written in one line with braces');
  const push = file.textIn(file.field(step, 'with'), 'push');
  if (push === undefined || push === 'false') return leave('it pushes nothing');
  const strange = inputs.find(({ name }) => !known.has(name) || others.has(name));
  if (strange) return leave(`${definition.name} has no counterpart of its input ${strange.name}`);
  const tags = (file.textIn(file.field(step, 'with'), 'tags') ?? '').split(/[\n,]/).flatMap((tag) => tag.trim() || []);
  const repository = repositoryOf(file, tags, of);
  if (typeof repository !== 'string') return leave(repository.problem);
  const to = `${of.space}/${definition.name}@v1`;
  const outputs = file.textIn(step, 'id');
  const lost = ['imageid', 'metadata'].find((name) => file.text.includes(`steps.${outputs}.outputs.${name}`));
  if (outputs !== undefined && lost) return leave(`${definition.name} does not give the output ${lost}`);
  if (outputs !== undefined) {
    const from = new RegExp(`(steps\\.${outputs}\\.outputs\\.)digest(?![\\w-])`, 'g');
    of.findings.rename({ from, to: '$1image-digest', job: of.job?.name });
  }
  of.findings.move(line, `${file.textIn(step, 'uses')} becomes ${to}`);
  const from = startOf(first.pair.key);
  const indent = ' '.repeat(columnOf(file.text, from));
  return [
    file.replaceScalar(file.field(step, 'uses'), to),
    { from, to: from, text: `repository: ${yamlText(repository)}\n${indent}` },
  ];
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
    const isEcr = /\.dkr\.ecr[.-]/.test(host) || /^\$\{\{\s*steps\.[\w-]+\.outputs\.registry\s*\}\}$/.test(host);
    if (!isEcr || !repository) return { problem: `${name} is not in a registry of Amazon ECR` };
    found.add(repository);
  }
  const [only, second] = found;
  if (only === undefined) return { problem: 'it has no tags' };
  return second === undefined ? only : { problem: 'it pushes to more than one repository' };
}

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
