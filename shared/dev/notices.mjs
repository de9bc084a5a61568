// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages whose code is in a bundle: they ask to go along with it.
 * @param {string} root the repository's folder
 * @param {readonly string[]} inputs the files that went into the bundle, relative to `root`
 * @returns {string} a text for people: each package with its version and licence
 */
export function notices(root, inputs) {
  const folders = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(root, folder)).filter((entry) => /^(licen[cs]e|notice)/i.test(entry));
    // Some packages of the SDK leave out the text of their licence, which is that of this project.
    const own = license === 'Apache-2.0' && !files.some((file) => /^licen/i.test(file)) ? [join(root, 'LICENSE')] : [];
    const licences = [...own, ...files.map((file) => join(root, folder, file))];
    return `${name} ${version} (${license})\n\n${licences.map((file) => readFileSync(file, 'utf8').trim()).join('\n\n')}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
