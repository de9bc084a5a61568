import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ActionError, exitStatus } from '../../../shared/errors';
import { readFile } from '../../../shared/host/user-file';
import { commandLineError, parseArguments } from './arguments';
import { machineVariables, ownCredentials, type Variables } from './environment';
import { runWorkflow } from './run';
import { createShow, summaryOf } from './show';
import { untilSignal } from './signals';
import { readSource } from './source';

const usage = `Runs a CodeCatalyst workflow file on this machine.

npm run workflow -- FILE [--source DIR] [--aws embedded|real] [--artifacts DIR] [--reject ACTION]

  --source DIR     The repository that the workflow is for. Default: the folder above its .codecatalyst, else its own.
  --aws            embedded (default): an AWS on loopback with the tutorial's service; nothing leaves this machine.
                   real: your account, with the credentials of your environment.
  --artifacts DIR  Keeps the artifacts there. Default: they are deleted at the end of the run.
  --reject ACTION  Rejects this approval (aws/approval); all others count as approved. May be repeated.

Secrets (\${Secrets.NAME}) are read from the variables NAME of the environment.
`;

/** Reads the command line. Undefined asks for help. */
function readArguments(args: string[]) {
  const { values, positionals } = parseArguments({ args, options, allowPositionals: true });
  if (values.help) return undefined;
  const { aws = 'embedded', source, artifacts, reject: rejected = [] } = values;
  const [file, ...others] = positionals;
  if (!file || others.length > 0) throw commandLineError('must name one workflow file');
  if (aws !== 'embedded' && aws !== 'real') {
    throw commandLineError(`--aws must be embedded or real, got ${JSON.stringify(aws)}`);
  }
  // npm runs its scripts in this project's folder; paths are meant from where the user stands.
  const from = (path: string) => resolve(process.env['INIT_CWD'] ?? '.', path);
  return {
    file: from(file),
    source: source === undefined ? repositoryOf(from(file)) : from(source),
    aws,
    artifacts: artifacts && from(artifacts),
    rejected,
  } as const;
}

const options = {
  source: { type: 'string' },
  aws: { type: 'string' },
  artifacts: { type: 'string' },
  reject: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** CodeCatalyst finds workflows at `.codecatalyst/workflows/` of their repository only. */
const repositoryOf = (file: string): string =>
  /^(.*)[\\/]\.codecatalyst[\\/]/.exec(resolve(file))?.[1] ?? dirname(file);

/** The variables that lead to AWS: the embedded one, until `close`, or the user's own. */
async function openAws(
  kind: 'embedded' | 'real',
  show: (line: string) => void,
): Promise<{ readonly variables: Variables; close(): Promise<void> }> {
  if (kind === 'real') return { variables: ownCredentials(process.env), close: async () => {} };
  const { openTutorialAws } = await import('../tour/tutorial-aws');
  const aws = await openTutorialAws();
  show(`An embedded AWS answers at ${aws.endpoint}. A Dockerfile can begin FROM ${aws.base}.`);
  return aws;
}

async function main(): Promise<number> {
  const given = readArguments(process.argv.slice(2));
  if (!given) {
    process.stdout.write(usage);
    return exitStatus.done;
  }
  const text = readText(given.file);
  const signal = untilSignal();
  const { show, colour } = createShow(process.stdout, process.env);
  const aws = await openAws(given.aws, show);
  try {
    const result = await runWorkflow({
      file: given.file,
      text,
      source: readSource(given.source),
      project: fileURLToPath(new URL('../../..', import.meta.url)),
      machine: machineVariables(process.env),
      aws: aws.variables,
      secret: (name) => process.env[name],
      show,
      colour,
      artifacts: given.artifacts,
      rejected: given.rejected,
      signal,
    });
    for (const line of ['', ...summaryOf(result)]) show(line);
    return result.status;
  } finally {
    await aws.close();
  }
}

const sizeLimit = { bytes: 1024 * 1024, problem: 'is larger than 1 MiB; it is not a workflow' };

function readText(file: string): string {
  const read = readFile(file, sizeLimit);
  if ('problem' in read) throw commandLineError(`${file} ${read.problem}`);
  return read.bytes.toString('utf8');
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    const { details, message, exit } = error instanceof ActionError ? error : failure(error);
    for (const line of details) process.stderr.write(`${line}\n`);
    process.stderr.write(`Error: ${details.length > 0 ? message.split(': ')[0] : message}\n`);
    process.exit(exit);
  },
);

const failure = (error: unknown) =>
  new ActionError(error instanceof Error ? (error.stack ?? error.message) : String(error));
