/**
 * Checks that what `npm run package` wrote is what it says: the files and no others, the bundle that the tests ran, one version
 * everywhere, zips that hold the trees, links that lead somewhere. Usage: `tsx shared/dev/check-packages.ts [FOLDER]`.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const actions = readdirSync(join(root, 'actions')).sort();

/** All that a tree holds, apart from its IAM policies. */
const treeFiles = [
  '.codecatalyst/actions/action.yml',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'THIRD-PARTY-NOTICES',
  'action.yml',
  'dist/index.js',
  'package.json',
];

const { version: projectVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const readText = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function filesBelow(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true }) as string[];
  return paths.filter((path) => statSync(join(folder, path)).isFile()).sort();
}

/** What is wrong with the set of names, if anything. */
function differing(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const stray = found
    .filter((name) => !expected.includes(name))
    .map((name) => `${what}: ${name} does not belong there`);
  const missing = expected.filter((name) => !found.includes(name)).map((name) => `${what}: ${name} is missing`);
  return [...stray, ...missing];
}

/** The version of the project, and each place that says another one. */
function checkVersions(folder: string): string[] {
  const { version } = JSON.parse(readText(root, 'package.json')) as { version: string };
  const lock = JSON.parse(readText(root, 'package-lock.json')) as {
    version: string;
    packages: { '': { version: string } };
  };
  const places: [place: string, found: string | undefined][] = [
    ['package-lock.json', lock.version],
    ['package-lock.json, packages', lock.packages[''].version],
  ];
  for (const action of actions) {
    const manifest = parse(readText(folder, action, '.codecatalyst/actions/action.yml')) as { Version: string };
    places.push([`${action}: .codecatalyst/actions/action.yml`, manifest.Version]);
    places.push([`${action}: CHANGELOG.md`, /^## (\S+)/m.exec(readText(folder, action, 'CHANGELOG.md'))?.[1]]);
  }
  const wrong = places.filter(([, found]) => found !== version);
  return wrong.map(([place, found]) => `${place} says version ${found}, package.json ${version}`);
}

function checkTree(folder: string, action: string): string[] {
  const tree = join(folder, action);
  const policies = readdirSync(join(root, 'docs/iam')).filter((file) => file.startsWith(action));
  const rules = ['troubleshooting.md', ...(action === 'render-task-definition' ? ['task-definition-rules.md'] : [])];
  const expected = [...treeFiles, ...rules, ...policies.map((file) => `iam/${file}`)];
  const findings = differing(action, filesBelow(tree), expected);
  if (findings.length > 0) return findings;
  const adk = parse(readText(tree, '.codecatalyst/actions/action.yml')) as { Name: string; Runs: { Main: string } };
  const github = parse(readText(tree, 'action.yml')) as { runs: { main: string } };
  if (adk.Name !== action) findings.push(`${action}: .codecatalyst/actions/action.yml names ${adk.Name}`);
  for (const main of [adk.Runs.Main, github.runs.main])
    if (main !== 'dist/index.js') findings.push(`${action}: a manifest runs ${main} instead of dist/index.js`);
  if (readText(tree, 'dist/index.js') !== readText(root, 'actions', action, 'dist/index.js'))
    findings.push(`${action}: dist/index.js is not the bundle in actions/${action}/dist`);
  for (const page of ['README.md', 'CHANGELOG.md'])
    for (const [, link] of readText(tree, page).matchAll(/\]\((?!https?:)([^)#\s]+)/g))
      if (link!.startsWith('..') || !existsSync(join(tree, link!)))
        findings.push(`${action}: ${page} links ${link}, which is not in the package`);
  return findings;
}

function checkZip(folder: string, action: string): string[] {
  const entries = unzipSync(readFileSync(join(folder, `${action}.zip`)));
  const expected = filesBelow(join(folder, action));
  const findings = differing(`${action}.zip`, Object.keys(entries), expected);
  const changed = expected.filter(
    (path) => entries[path] && !readFileSync(join(folder, action, path)).equals(entries[path]),
  );
  return [...findings, ...changed.map((path) => `${action}.zip: ${path} differs from ${action}/${path}`)];
}

/** The npm package of an action in a folder. */
const packageName = (action: string) => `${action}-${projectVersion}.tgz`;

/** The files of an npm package by their paths; its entries are those of a plain tar, below `package/`. */
function filesInPackage(bytes: Uint8Array): Map<string, Buffer> {
  const tar = gunzipSync(bytes);
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const field = (from: number, length: number) =>
      tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(field(124, 12), 8);
    const path = [field(345, 155), field(0, 100)].filter(Boolean).join('/');
    if (tar[at + 156] === 0x30) files.set(path.replace(/^package\//, ''), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

function checkNpmPackage(folder: string, action: string): string[] {
  const name = packageName(action);
  const files = filesInPackage(readFileSync(join(folder, name)));
  const expected = filesBelow(join(folder, action));
  const changed = expected.filter(
    (path) => files.get(path)?.equals(readFileSync(join(folder, action, path))) === false,
  );
  const { bin, version } = JSON.parse(files.get('package.json')?.toString() ?? '{}') as {
    bin?: Record<string, string>;
    version?: string;
  };
  return [
    ...differing(name, [...files.keys()], expected),
    ...changed.map((path) => `${name}: ${path} differs from ${action}/${path}`),
    ...(bin?.[action] === 'dist/index.js' ? [] : [`${name}: has no command ${action}`]),
    ...(version === projectVersion ? [] : [`${name}: is of version ${version}`]),
    ...(files.get('dist/index.js')?.toString('utf8', 0, 20) === '#!/usr/bin/env node\n'
      ? []
      : [`${name}: its command cannot be started`]),
  ];
}

function checkSums(folder: string): string[] {
  const expected = actions
    .flatMap((action) => [`${action}.zip`, packageName(action)])
    .map((name) => `${sumOf(readFileSync(join(folder, name)))}  ${name}`);
  const listed = readText(folder, 'SHA256SUMS').trimEnd().split('\n');
  return differing('SHA256SUMS', listed, expected);
}

/**
 * Checks a folder that `npm run package` wrote.
 * @returns what is wrong, one finding a line; nothing when all is well
 */
export function checkPackages(folder: string): string[] {
  const files = actions.flatMap((action) => [action, `${action}.zip`, packageName(action)]);
  const expected = [...files, 'SHA256SUMS'];
  const findings = differing(folder, readdirSync(folder), expected);
  // Nothing can be said of the inside of what does not exist.
  if (findings.some((finding) => finding.endsWith('is missing'))) return findings;
  const trees = actions.flatMap((action) => checkTree(folder, action));
  if (trees.some((finding) => finding.endsWith('is missing'))) return [...findings, ...trees];
  const zips = actions.flatMap((action) => checkZip(folder, action));
  const packages = actions.flatMap((action) => checkNpmPackage(folder, action));
  return [...findings, ...trees, ...zips, ...packages, ...checkSums(folder), ...checkVersions(folder)];
}

if (require.main === module) {
  const findings = checkPackages(resolve(process.argv[2] ?? join(root, 'package')));
  for (const finding of findings) console.error(finding);
  if (findings.length === 0) console.log('The packages are what they say.');
  process.exitCode = findings.length > 0 ? 1 : 0;
}
