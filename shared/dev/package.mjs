// @ts-check
/**
 * Writes what is published: one tree, one zip and one npm package per action, each the root of its own repository, because
 * CodeCatalyst and GitHub find an action's manifest only there; and SHA256SUMS of the zips and packages. Usage: `node shared/dev/package.mjs [FOLDER]`, by
 * default `package`. The bundles must be fresh: `npm run package` makes them, and checks what was written.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { parse } from 'yaml';
import { actions, makeActionBundle } from './build.mjs';
import { notices } from './notices.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = resolve(process.argv[2] ?? join(root, 'package'));
/** The kit's limit for the entry file. */
const largestBundle = 10 * 1024 * 1024;
/** The earliest time that a zip can hold: the same tree gives the same zip. */
const zipTime = new Date(1980, 0, 1);

/**
 * Made on Unix (3), as a plain file that everybody may read.
 * @type {import('fflate').ZipOptions}
 */
const fileEntry = { mtime: zipTime, os: 3, attrs: (0o100644 << 16) >>> 0 };

/**
 * The files of an action's tree: where each comes from, by where it goes.
 * @param {string} action
 * @returns {Record<string, string>}
 */
function filesOf(action) {
  const policies = readdirSync(join(root, 'docs/iam')).filter((file) => file.startsWith(action));
  return {
    '.codecatalyst/actions/action.yml': `actions/${action}/.codecatalyst/actions/action.yml`,
    'action.yml': `actions/${action}/action.yml`,
    'dist/index.js': `actions/${action}/dist/index.js`,
    'README.md': `actions/${action}/README.md`,
    LICENSE: 'LICENSE',
    'CHANGELOG.md': 'CHANGELOG.md',
    ...Object.fromEntries(policies.map((file) => [`iam/${file}`, `docs/iam/${file}`])),
    'troubleshooting.md': 'docs/troubleshooting.md',
    ...(action === 'render-task-definition' && { 'task-definition-rules.md': 'docs/task-definition-rules.md' }),
  };
}

/**
 * The README as it stands where the action is the whole repository: a link to a page that is not in it becomes the page's name.
 * @param {string} action
 * @param {string} readme
 */
const atTheRoot = (action, readme) =>
  readme
    .replaceAll(`actions/${action}/dist`, 'dist')
    .replace(/\]\(\.\.\/\.\.\/docs\/(iam\/|task-definition-rules|troubleshooting)/g, ']($1')
    .replace(/\[([^\]]*)\]\(((?:\.\.\/)+)([^)#]*)(?:#[^)]*)?\)/g, (_, text, up, path) => {
      const page = up === '../' ? `actions/${path}` : path;
      return `${text} (\`${page}\` of the project)`;
    });

/**
 * @param {string} action
 * @throws when a file is missing, or the bundle is not that of the sources
 */
async function writeTree(action) {
  const missing = Object.values(filesOf(action)).filter((from) => !existsSync(join(root, from)));
  if (missing.length > 0)
    throw new Error(`cannot package ${action}: ${missing.join(', ')} missing; run: npm run generate && npm run build`);
  const { text, inputs } = await makeActionBundle(action);
  if (Buffer.byteLength(text) > largestBundle) throw new Error(`cannot package ${action}: its bundle is over 10 MiB`);
  if (text !== readFileSync(join(root, `actions/${action}/dist/index.js`), 'utf8'))
    throw new Error(`cannot package ${action}: its bundle is stale; run: npm run build`);
  const tree = join(target, action);
  rmSync(tree, { recursive: true, force: true });
  for (const [to, from] of Object.entries(filesOf(action))) {
    mkdirSync(dirname(join(tree, to)), { recursive: true });
    copyFileSync(join(root, from), join(tree, to));
  }
  const readme = readFileSync(join(tree, 'README.md'), 'utf8');
  writeFileSync(join(tree, 'README.md'), atTheRoot(action, readme));
  writeFileSync(join(tree, 'THIRD-PARTY-NOTICES'), notices(root, inputs));
  writeFileSync(join(tree, 'package.json'), npmManifest(action));
  return tree;
}

/**
 * What npm needs to install the action as a command of its own name.
 * @param {string} action
 */
function npmManifest(action) {
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { description } = parse(readFileSync(join(root, `actions/${action}/action.yml`), 'utf8'));
  const bin = { [action]: 'dist/index.js' };
  const manifest = { name: action, version, description, license, bin, engines: { node: '>=16.20' } };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * The npm package of a tree; npm gives all files of all packages one time, so the same tree gives the same package.
 * @param {string} tree
 * @returns {string} its file name
 */
function pack(tree) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', target, tree];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }));
  return filename;
}

/** @param {string} tree */
function zip(tree) {
  const paths = /** @type {string[]} */ (readdirSync(tree, { recursive: true }));
  const files = paths.filter((path) => statSync(join(tree, path)).isFile()).sort();
  /** @type {import('fflate').Zippable} */
  const entries = Object.fromEntries(files.map((path) => [path, [readFileSync(join(tree, path)), fileEntry]]));
  const bytes = zipSync(entries, { level: 9 });
  writeFileSync(`${tree}.zip`, bytes);
  return bytes;
}

/** @param {Uint8Array} bytes */
const sumOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

const sums = [];
for (const action of actions) {
  const tree = await writeTree(action);
  const bytes = zip(tree);
  const packed = pack(tree);
  sums.push(`${sumOf(bytes)}  ${action}.zip\n`, `${sumOf(readFileSync(join(target, packed)))}  ${packed}\n`);
  console.log(`${action}  ${action}.zip  ${packed}  ${Math.round(bytes.length / 1024)} KiB`);
}
writeFileSync(join(target, 'SHA256SUMS'), sums.join(''));
