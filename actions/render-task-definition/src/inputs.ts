import { regionForm } from '../../../shared/aws/arn';
import { type Finding, mergeFindings } from '../../../shared/errors';
import { cut, quoted } from '../../../shared/excerpt';
import { parseImageReference } from '../../../shared/image/reference';
import { type Assignment, settings } from '../../../shared/manifest/assignments';
import type { HostName } from '../../../shared/manifest/definition';
import { parseInputs, type RawInputs } from '../../../shared/manifest/parse';
import { splitCommand } from '../../../shared/split-command';
import { placeholderIn } from '../../../shared/task-definition/placeholder';
import { definition, type Inputs } from './definition';
import { sourceProblems } from './source-name';

/** What is asked for: the inputs, read and checked against each other. */
export interface Request {
  readonly inputs: Inputs;
  /** Names under both inputs, each once; empty where none was given. */
  readonly containers: readonly string[];
  /** Images by container, from `images`. */
  readonly images: ReadonlyMap<string, string>;
  readonly command: readonly string[] | undefined;
  /** What looks like a mistake in the inputs, and is rendered all the same. */
  readonly warnings: readonly Finding[];
  /** Whether no input is wrong. Otherwise an input that is not there may have been given. */
  readonly isWhole: boolean;
}

/**
 * Reads all inputs and checks them against each other. In `request` those that are wrong stand as if they were not given,
 * so that the others can be looked into further.
 */
export function readInputs(
  raw: RawInputs,
  host?: HostName,
): { readonly request: Request; readonly findings: readonly Finding[] } {
  const { inputs, findings: unreadable } = parseInputs(definition, raw, host);
  const findings = mergeFindings(unreadable, problemsOf(inputs));
  const wrong = new Set(findings.map(({ where }) => where));
  const sound = Object.entries(inputs).filter(([name]) => !wrong.has(name));
  const { 'task-definition': source } = inputs;
  const request = requestOf({ ...(Object.fromEntries(sound) as Inputs), 'task-definition': source });
  return { request: { ...request, isWhole: wrong.size === 0 }, findings };
}

function requestOf(given: Inputs): Omit<Request, 'isWhole'> {
  const inputs = withLastOfEach(given);
  const command = commandOf(inputs);
  const images = new Map(settings(inputs.images).map(({ name, value }) => [name, value.trim()]));
  return {
    inputs,
    containers: containersOf(inputs),
    images,
    command: command && 'words' in command ? command.words : undefined,
    warnings: [...repeatedNames(given), ...trailingSpace(inputs)],
  };
}

const containersOf = (inputs: Inputs) => [
  ...new Set([...(inputs['container-name'] ?? []), ...(inputs['container-definition-name'] ?? [])]),
];

const commandOf = ({ command }: Inputs) => (command === undefined ? undefined : splitCommand(command));

function problemsOf(inputs: Inputs): Finding[] {
  const command = commandOf(inputs);
  return [
    ...imageProblems(inputs, containersOf(inputs)),
    ...repeatedImages(inputs),
    ...crossedNames(withLastOfEach(inputs)),
    ...regionProblems(inputs),
    ...sourceProblems(inputs),
    ...(command && 'problem' in command ? [{ where: 'command', problem: command.problem }] : []),
  ];
}

function imageProblems({ image, images }: Inputs, containers: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const targets = new Set(containers);
  const check = (where: string, text: string) => {
    const problem = imageProblem(text);
    if (problem) findings.push({ where, problem });
  };
  if (image !== undefined) check('image', image);
  for (const { name, value } of settings(images)) {
    check('images', value.trim());
    if (image !== undefined && targets.has(name) && value.trim() !== image) {
      findings.push({
        where: 'images',
        problem: `sets another image for ${cut(name, 100)} than the input image; keep one`,
      });
    }
  }
  if (image !== undefined && images && containers.length === 0) {
    findings.push({
      where: 'image',
      problem: 'needs container-name beside images: it is not clear which container the image is for',
    });
  }
  return findings;
}

function imageProblem(text: string): string | undefined {
  const placeholder = placeholderIn(text);
  if (placeholder) {
    const command = placeholder.startsWith('$(') ? 'no command is run here: ' : '';
    const next = `${command}set it to an output or variable of the step that knows the image`;
    return `still holds the placeholder ${cut(placeholder, 60)}; ${next}, got ${quoted(text)}`;
  }
  const parsed = parseImageReference(text);
  return 'problem' in parsed ? parsed.problem : undefined;
}

type AssignmentInput = {
  [Name in keyof Inputs]: Inputs[Name] extends readonly Assignment[] | undefined ? Name : never;
}[keyof Inputs];

/** All inputs that give names values, and whether the last value of a name counts; one that is missing does not compile. */
const lastCounts: Readonly<Record<AssignmentInput, boolean>> = {
  // Two images for one container are two answers to one question.
  images: false,
  'environment-variables': true,
  secrets: true,
  'docker-labels': true,
  'log-configuration-options': true,
  tags: true,
};

const lists = (counts: boolean) =>
  (Object.keys(lastCounts) as AssignmentInput[]).filter((name) => lastCounts[name] === counts);

/** As in amazon-ecs-render-task-definition, and as a key that is given twice in a file. */
function withLastOfEach(inputs: Inputs): Inputs {
  const changed = lists(true).flatMap((name) => {
    const given = inputs[name];
    const last = new Map(given?.map((assignment) => [assignment.name, assignment]));
    return last.size === (given ?? []).length ? [] : [[name, [...last.values()]] as const];
  });
  return changed.length === 0 ? inputs : { ...inputs, ...Object.fromEntries(changed) };
}

const repeatedIn = (inputs: Inputs, where: AssignmentInput): readonly string[] => {
  const seen = new Set<string>();
  const twice = (inputs[where] ?? []).map(({ name }) => name).filter((name) => seen.size === seen.add(name).size);
  return [...new Set(twice)].map((name) => cut(name, 100));
};

const repeatedImages = (inputs: Inputs): Finding[] =>
  lists(false).flatMap((where) =>
    repeatedIn(inputs, where).map((name) => ({ where, problem: `names ${name} more than once` })),
  );

const repeatedNames = (inputs: Inputs): Finding[] =>
  lists(true).flatMap((where) =>
    repeatedIn(inputs, where).map((name) => ({ where, problem: `names ${name} more than once; the last one counts` })),
  );

/** amazon-ecs-render-task-definition trims values, and an editor shows no white space: what is kept is said. */
const trailingSpace = (inputs: Inputs): Finding[] =>
  lists(true).flatMap((where) =>
    settings(inputs[where])
      .filter(({ value }) => /[ \t]$/.test(value))
      .map(({ name }) => ({ where, problem: `the value of ${cut(name, 100)} ends in white space; it is kept` })),
  );

/** ECS refuses a task definition in which a variable and a secret of a container have the same name. */
function crossedNames(inputs: Inputs): Finding[] {
  const variables = new Set(settings(inputs['environment-variables']).map(({ name }) => name));
  const crossed = settings(inputs.secrets).filter(({ name }) => variables.has(name));
  return crossed.map(({ name }) => ({
    where: 'secrets',
    problem: `${cut(name, 100)} is also in environment-variables; keep one`,
  }));
}

function regionProblems({ region }: Inputs): Finding[] {
  if (region === undefined || regionForm.test(region)) return [];
  return [{ where: 'region', problem: `must be a region such as us-west-2, got ${quoted(region)}` }];
}
