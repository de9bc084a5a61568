// @ts-check
/** Finds out which functions of a bundle usual runs call, by running it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exercises, filesFor } from './exercises.mjs';
import { before } from './link.mjs';
import { serveRegistry } from './training-registry.mjs';

/** @typedef {import('./exercises.mjs').Exercise} Exercise */

/**
 * The functions of a chunk that were called.
 * @typedef {object} Called
 * @property {ReadonlyMap<string, readonly string[]>} runs by their places in its text, `start-end`: the kinds of runs that call each
 * @property {readonly string[]} usual the kinds that are usual ones
 */

/** Where the exercises take place. */
/** @typedef {{ folder: string, registry: string }} Place */

const alone = {
  PATH: process.env.PATH,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  NODE_DISABLE_COMPILE_CACHE: '1',
};

/** @param {string} registry */
const online = (registry) => ({
  // As most hosts set it; other exercises name the region as an input.
  AWS_REGION: 'us-west-2',
  AWS_ENDPOINT_URL: `http://${registry}`,
  AWS_ACCESS_KEY_ID: 'AKIDEXERCISE',
  AWS_SECRET_ACCESS_KEY: 'of-the-exercises',
});

/**
 * Runs a bundle as it is usually run.
 * @param {string} action whose runs they are
 * @param {string} bundle
 * @returns {Promise<ReadonlyMap<string, Called>>} the functions that were called, by the id of their chunk
 * @throws when a run ends otherwise than it should
 */
export async function train(action, bundle) {
  const folder = mkdtempSync(join(tmpdir(), 'training-'));
  const { host, close } = await serveRegistry();
  try {
    mkdirSync(join(folder, 'temp'));
    for (const [name, text] of Object.entries({ 'bundle.js': bundle, ...filesFor(host) })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const all = exercises[action] ?? [];
    const usual = [...new Set(all.filter(({ isRare, isRicher }) => !isRare && !isRicher).map(({ kind }) => kind))];
    /** @type {Map<string, { runs: Map<string, string[]>, usual: string[] }>} */
    const called = new Map();
    for (const exercise of all) {
      for (const [id, places] of Object.entries(await run(exercise, { folder, registry: host }))) {
        const known = called.get(id) ?? { runs: new Map(), usual };
        for (const [start, end] of places) {
          const place = `${start - before.length}-${end - before.length}`;
          const others = (known.runs.get(place) ?? []).filter((/** @type {string} */ kind) => kind !== exercise.kind);
          if (exercise.isRicher && others.length > 0) continue;
          known.runs.set(place, [...new Set([...(known.runs.get(place) ?? []), exercise.kind])]);
        }
        called.set(id, known);
      }
    }
    return called;
  } finally {
    close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {Exercise} exercise
 * @param {Place} place
 * @returns {Promise<Record<string, [number, number][]>>}
 */
async function run({ args, env, ends = 0, isOnline = false }, { folder, registry }) {
  const result = join(folder, 'coverage.json');
  const hook = fileURLToPath(new URL('coverage.cjs', import.meta.url));
  const child = spawn(process.execPath, ['-r', hook, 'bundle.js', ...args], {
    cwd: folder,
    // Its own folder for temporary files: what other runs have left there would be looked at.
    env: {
      ...alone,
      TMPDIR: join(folder, 'temp'),
      // Nor may git find a repository that the folder happens to be in.
      GIT_CEILING_DIRECTORIES: dirname(folder),
      COVERAGE_FILE: result,
      ...(isOnline && online(registry)),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const status = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (status !== ends) throw new Error(`cannot train with ${args.join(' ')}: exit status ${status}: ${said}`);
  return JSON.parse(readFileSync(result, 'utf8'));
}
