/**
 * Writes what is published: one tree and one zip per action under `package/`, each the root of its own repository, because
 * CodeCatalyst and GitHub find an action's manifest only there. Usage: `npm run package`.
 */
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
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { actions, bundle } from './build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The kit's limit for the entry file. */
const largestBundle = 10 * 1024 * 1024;
/** The earliest time that a zip can hold: the same tree gives the same zip. */
const zipTime = new Date(1980, 0, 1);

/** Made on Unix (3), as a plain file that everybody may read. */
const fileEntry = { mtime: zipTime, os: 3, attrs: (0o100644 << 16) >>> 0 };

/** The files of an action's tree: where each comes from, by where it goes. */
const filesOf = (action) => ({
  '.codecatalyst/actions/action.yml': `actions/${action}/.codecatalyst/actions/action.yml`,
  'action.yml': `actions/${action}/action.yml`,
  'dist/index.js': `actions/${action}/dist/index.js`,
  'README.md': `actions/${action}/README.md`,
  LICENSE: 'LICENSE',
  'CHANGELOG.md': 'CHANGELOG.md',
});

/** The licences of the packages whose code is in the bundle: they ask to go along with it. */
function notices(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(root, folder)).filter((entry) => /^(licen[cs]e|notice)/i.test(entry));
    // Some packages of the SDK leave out the text of their licence, which is that of this project.
    const own = license === 'Apache-2.0' && !files.some((file) => /^licen/i.test(file)) ? [join(root, 'LICENSE')] : [];
    const texts = [...own, ...files.map((file) => join(root, folder, file))];
    return `${name} ${version} (${license})\n\n${texts.map((file) => readFileSync(file, 'utf8').trim()).join('\n\n')}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

function writeTree(action, inputs) {
  const tree = join(root, 'package', action);
  rmSync(tree, { recursive: true, force: true });
  for (const [to, from] of Object.entries(filesOf(action))) {
    mkdirSync(dirname(join(tree, to)), { recursive: true });
    copyFileSync(join(root, from), join(tree, to));
  }
  // Here the action is the whole repository.
  const readme = readFileSync(join(tree, 'README.md'), 'utf8');
  writeFileSync(join(tree, 'README.md'), readme.replaceAll(`actions/${action}/dist`, 'dist'));
  writeFileSync(join(tree, 'THIRD-PARTY-NOTICES'), notices(inputs));
  return tree;
}

function zip(tree) {
  const files = readdirSync(tree, { recursive: true }).filter((path) => statSync(join(tree, path)).isFile());
  const entries = files.sort().map((path) => [path, [readFileSync(join(tree, path)), fileEntry]]);
  writeFileSync(`${tree}.zip`, zipSync(Object.fromEntries(entries), { level: 9 }));
}

for (const action of actions) {
  const { bytes, inputs } = await bundle(action);
  if (bytes > largestBundle) throw new Error(`cannot package ${action}: its bundle of ${bytes} bytes is over 10 MB`);
  const missing = Object.values(filesOf(action)).filter((from) => !existsSync(join(root, from)));
  if (missing.length > 0)
    throw new Error(`cannot package ${action}: ${missing.join(', ')} missing; run: npm run generate`);
  const tree = writeTree(action, inputs);
  zip(tree);
  console.log(`package/${action}  package/${action}.zip  ${Math.round(statSync(`${tree}.zip`).size / 1024)} KiB`);
}
