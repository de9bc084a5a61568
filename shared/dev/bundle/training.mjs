// @ts-check
/** Finds out which functions of a bundle usual runs call, by running it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { before } from './link.mjs';

/**
 * The functions of a chunk that were called, by their places in its text, `start-end`: whether in a run that is a usual one.
 * @typedef {ReadonlyMap<string, boolean>} Called
 */

/**
 * A run that a bundle is trained by.
 * @typedef {object} Exercise
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} [env]
 * @property {number} [ends] its exit status, by default 0
 * @property {boolean} [isRare] whether people seldom wait for it
 */

const taskDefinition = {
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'app:1', essential: true, memory: 128 }],
};

const github = {
  GITHUB_ACTIONS: 'true',
  GITHUB_OUTPUT: 'outputs',
  GITHUB_STEP_SUMMARY: 'summary',
  RUNNER_TEMP: 'temp',
};
const codecatalyst = { CATALYST_WORKFLOW_PROJECT_NAME: 'shop' };

/** @param {Readonly<Record<string, string>>} inputs */
const variables = (inputs) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

/**
 * @param {Readonly<Record<string, string>>} inputs
 * @param {number} [ends]
 * @returns {readonly Exercise[]}
 */
const onShellAndGithub = (inputs, ends = 0) => [
  { args: Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value]), ends },
  { args: [], env: { ...github, ...variables(inputs) }, ends },
];

/** @type {Readonly<Record<string, readonly Exercise[]>>} */
const exercises = {
  'render-task-definition': [
    { args: ['--help'], isRare: true },
    ...onShellAndGithub({ 'task-definition': 'task.json', image: 'app:2' }),
    { args: [], env: { ...codecatalyst, ...variables({ 'task-definition': 'task.json', image: 'app:2' }) } },
  ],
  // Without credentials, up to the first call of AWS: no request leaves the machine.
  'ecs-bluegreen-deploy': [
    { args: ['--help'], isRare: true },
    ...onShellAndGithub({ service: 'web', cluster: 'prod', 'task-definition': 'task.json', region: 'us-west-2' }, 1),
  ],
  'build-and-push': [
    { args: ['--help'], isRare: true },
    ...onShellAndGithub({ repository: 'app', tags: '1', builder: 'builtin', region: 'us-west-2' }, 1),
  ],
};

const alone = {
  PATH: process.env.PATH,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  NODE_DISABLE_COMPILE_CACHE: '1',
};

/**
 * Runs a bundle as it is usually run.
 * @param {string} action whose runs they are
 * @param {string} bundle
 * @returns {ReadonlyMap<string, Called>} the functions that were called, by the id of their chunk
 * @throws when a run ends otherwise than it should
 */
export function train(action, bundle) {
  const folder = mkdtempSync(join(tmpdir(), 'training-'));
  try {
    mkdirSync(join(folder, 'temp'));
    writeFileSync(join(folder, 'bundle.js'), bundle);
    writeFileSync(join(folder, 'task.json'), JSON.stringify(taskDefinition));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
    /** @type {Map<string, Map<string, boolean>>} */
    const called = new Map();
    for (const exercise of exercises[action] ?? []) {
      for (const [id, places] of Object.entries(run(exercise, folder))) {
        const known = called.get(id) ?? new Map();
        for (const [start, end] of places) {
          const place = `${start - before.length}-${end - before.length}`;
          known.set(place, known.get(place) || !exercise.isRare);
        }
        called.set(id, known);
      }
    }
    return called;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {Exercise} exercise
 * @param {string} folder
 * @returns {Record<string, [number, number][]>}
 */
function run({ args, env, ends = 0 }, folder) {
  const result = join(folder, 'coverage.json');
  const hook = fileURLToPath(new URL('coverage.cjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ['-r', hook, 'bundle.js', ...args], {
    cwd: folder,
    // Its own folder for temporary files: what other runs have left there would be looked at.
    env: { ...alone, TMPDIR: join(folder, 'temp'), COVERAGE_FILE: result, ...env },
    encoding: 'utf8',
  });
  if (status !== ends) throw new Error(`cannot train with ${args.join(' ')}: exit status ${status}: ${stderr}`);
  return JSON.parse(readFileSync(result, 'utf8'));
}
