import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runHere } from '../support/in-process';
import { openScene, type Scene } from './build-scene';

/** build-and-push as a workflow of docker/build-push-action starts it with only its `uses:` line changed. */
export interface GitHubScene extends Omit<Scene, 'run'> {
  /** The folder around the source. */
  readonly place: string;
  /** The image without its tag. */
  readonly image: string;
  /** Runs the action in the process of the test; Docker's command line is a stand-in. */
  run(inputs: Record<string, string>, env?: Record<string, string | undefined>, cwd?: string): Promise<GitHubEnd>;
}

/** A call of Docker's command line. */
export interface Note {
  readonly words: readonly string[];
  readonly builder?: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** The credentials in its environment. */
  readonly aws: { readonly id?: string; readonly secret?: string; readonly session?: string };
}

interface GitHubEnd {
  readonly status: number | null;
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly calls: readonly Note[];
}

const fake = join(__dirname, '../support/build-fake-docker.cjs');
const builder = { FAKE_DOCKER_BUILDX: '0.24.0', FAKE_DOCKER_DRIVER: 'docker-container' };
export const cacheService = { ACTIONS_RUNTIME_TOKEN: 'runtime', ACTIONS_RESULTS_URL: 'https://results.example' };

/** The outputs of the heredoc form. */
const outputsIn = (text: string) =>
  Object.fromEntries([...text.matchAll(/^([\w-]+)<<(\S+)\n(.*?)\n\2$/gms)].map(([, name, , value]) => [name, value]));

export async function openGitHubScene(): Promise<GitHubScene> {
  const scene = await openScene();
  const place = join(scene.source, '..');
  mkdirSync(join(place, 'programs'));
  chmodSync(fake, 0o755);
  symlinkSync(fake, join(place, 'programs/docker'));
  return { ...scene, place, image: `${scene.endpoint.registryHost}/team/app`, run: runner(scene, place) };
}

const runner =
  (scene: Scene, place: string): GitHubScene['run'] =>
  async (inputs, env = {}, cwd = scene.source) => {
    const [notes, file] = [join(place, 'notes'), join(place, 'outputs')];
    const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const { status, stdout, stderr } = await runHere('build-and-push', [], {
      cwd,
      env: {
        ...scene.endpoint.env,
        PATH: `${join(place, 'programs')}:${process.env['PATH']}`,
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: scene.source,
        GITHUB_OUTPUT: file,
        RUNNER_TEMP: scene.temp,
        TMPDIR: scene.temp,
        DOCKER_CONFIG: join(place, '.docker'),
        FAKE_DOCKER_NOTES: notes,
        ...builder,
        ...Object.fromEntries(variables),
        ...env,
      },
    });
    const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
    const calls = read(notes)
      .split('\n')
      .flatMap((line): Note[] => (line ? [JSON.parse(line)] : []));
    return { status, output: stdout + stderr, outputs: outputsIn(read(file)), calls };
  };

export const buildOf = (calls: readonly Note[]) => calls.find(({ words }) => words.includes('--file'))!;
export const valuesOf = ({ words }: Note, option: string) =>
  words.flatMap((word, at) => (words[at - 1] === option ? [word] : []));
