import { type Edit, lineStart } from './edits';
import { startOf, type YamlFile } from './nodes';

/** The action that a step uses, without its version. GitHub does not care about the case of its letters. */
export const usedBy = (file: YamlFile, step: unknown): string =>
  (file.textIn(step, 'uses') ?? '').replace(/@.*$/s, '').toLowerCase();

/** Whether a text refers to a step, in either way of writing. */
export const refersTo = (text: string, id: string): boolean =>
  new RegExp(`\\bsteps(?:\\.${id}(?![\\w-])|\\['${id}'\\])`, 'i').test(text);

/** The steps that log in to Amazon ECR. */
export const loginsIn = (file: YamlFile, steps: unknown): unknown[] =>
  file.items(steps).filter((step) => usedBy(file, step) === 'aws-actions/amazon-ecr-login');

/** A login that build-and-push would not make. */
export function loginElsewhere(file: YamlFile, steps: unknown): string | undefined {
  const settings = loginsIn(file, steps).map((login) => file.field(login, 'with'));
  if (settings.some((one) => file.textIn(one, 'registry-type') === 'public')) return 'it pushes to ECR Public';
  return settings.some((one) => file.textIn(one, 'registries'))
    ? 'it pushes to the registry of another account'
    : undefined;
}

/** Programs that may use the login of Docker. */
const engines = /\b(?:docker|podman|buildah|skopeo|crane|helm|oras|cosign|trivy|nerdctl|finch|kaniko|copilot)\b/;
/** Programs that run scripts which may, and scripts. */
const runners =
  /(?<![\w./-])(?:make|just|task|rake|npm|npx|yarn|pnpm|gradlew?|mvnw?|sam|cdk|sls|serverless|bazel|skaffold|earthly|nx|turbo)(?=\s|$)|\.(?:sh|py|js|ts|rb|ps1)\b/;
/** A program of the repository, called by its path. */
const ownProgram = /(?:^|[\n;&|])\s*\.{0,2}\/[\w./-]+/;
/** Actions that are known to do nothing with images. */
const withoutImages = /^(?:actions|aws-actions|slackapi)\/|^docker\/(?:setup-|metadata-)|\/setup-[\w-]+$|slack/;

/** The login to ECR goes where nothing that is left may need it: build-and-push logs in by itself. */
export function removeLogins(file: YamlFile, steps: readonly unknown[], gone: ReadonlySet<unknown>): Edit[] {
  return steps.flatMap((step, at): Edit[] => {
    if (usedBy(file, step) !== 'aws-actions/amazon-ecr-login' || file.hasAnchor(step)) return [];
    const id = file.textIn(step, 'id');
    const isNeeded = steps.some((other, place) => {
      if (other === step || (gone.has(other) && file.pair(other, 'run'))) return false;
      const refers = id !== undefined && file.scalars(other).some(({ value }) => refersTo(String(value), id));
      return refers || (place > at && !gone.has(other) && mayUseLogin(file, other));
    });
    const outside = id !== undefined && refersTo(outsideOf(file, steps), id);
    return isNeeded || outside ? [] : removeStep(file, steps, at);
  });
}

function mayUseLogin(file: YamlFile, step: unknown): boolean {
  const [used, run] = [usedBy(file, step), file.textIn(step, 'run') ?? ''];
  return (used !== '' && !withoutImages.test(used)) || engines.test(run) || runners.test(run) || ownProgram.test(run);
}

/** Takes a step out that is not the last one. */
export function removeStep(file: YamlFile, steps: readonly unknown[], at: number): Edit[] {
  const [step, next] = [steps[at], steps[at + 1]];
  if (next === undefined) return [];
  const dash = (node: unknown) => file.text.lastIndexOf('-', startOf(node) - 1);
  const [from, to] = [lineStart(file.text, dash(step)), lineStart(file.text, dash(next))];
  return [{ from, to: beforeComments(file.text, from, to), text: '' }];
}

/** Comments in front of the next step are its own. */
function beforeComments(text: string, from: number, to: number): number {
  const lines = text.slice(from, to).split(/(?<=\n)/);
  let kept = to;
  while (lines.length > 1 && /^\s*(?:#.*)?\r?\n?$/.test(lines.at(-1)!) && lines.some((line) => line.includes('#'))) {
    kept -= lines.pop()!.length;
  }
  return kept;
}

/** The file without these steps. */
function outsideOf(file: YamlFile, steps: readonly unknown[]): string {
  const [from, to] = [startOf(steps[0]), file.follow(steps.at(-1))?.range?.[1] ?? 0];
  return file.text.slice(0, from) + file.text.slice(to);
}
