import { parse } from 'yaml';
import { definition as build } from '../../actions/build-and-push/src/definition';
import { definition as deploy } from '../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../actions/render-task-definition/src/definition';
import { type ActionDefinition, offeredOn } from '../../shared/manifest/definition';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Steps {
  readonly name: string;
  readonly steps: readonly Step[];
  /** All text that may refer to them. */
  readonly text: string;
}

const actions: readonly ActionDefinition[] = [build, render, deploy];

/** What the workflow, or composite action, of GitHub asks of this project's actions and they do not have. */
export function githubFindings(text: string): string[] {
  const file = parse(text) as { jobs?: Record<string, { steps?: Step[] }>; runs?: { steps?: Step[] } };
  const jobs = Object.entries(file.jobs ?? {}).map(([name, job]) => ({
    name,
    steps: job.steps ?? [],
    text: JSON.stringify(job),
  }));
  const composite = file.runs?.steps ? [{ name: 'runs', steps: file.runs.steps, text }] : [];
  return [...jobs, ...composite].flatMap(findingsIn);
}

function findingsIn({ name: job, steps, text }: Steps): string[] {
  const ids = steps.flatMap(({ id }) => id ?? []);
  const strangers = [...text.matchAll(/steps\.([\w-]+)\./g)].flatMap(([, id]) =>
    ids.includes(id!) ? [] : [`${job}: no step has the id ${id}`],
  );
  const own = steps.flatMap((step) => {
    const [, name] = /^[\w-]+\/([\w-]+)@v1$/.exec(step.uses ?? '') ?? [];
    const action = actions.find((one) => one.name === name);
    return action ? findingsOf(job, step, offeredOn('github', action), text) : [];
  });
  return [...new Set([...strangers, ...own])];
}

function findingsOf(job: string, { id, with: given = {} }: Step, action: ActionDefinition, text: string): string[] {
  const names = Object.keys(given);
  const unknown = names.filter((name) => !action.inputs[name]).map((name) => `has no input ${name}`);
  const missing = Object.entries(action.inputs).flatMap(([name, { required }]) =>
    required && !names.includes(name) ? [`needs ${name}`] : [],
  );
  const outputs = id === undefined ? [] : [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))];
  const lost = outputs.flatMap(([, name]) => (action.outputs[name!] === undefined ? [`has no output ${name}`] : []));
  return [...unknown, ...missing, ...lost].map((problem) => `${job}: ${action.name} ${problem}`);
}
