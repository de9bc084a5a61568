/** What must be true of every build, whatever the world does. */

import { readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Result, Scene } from '../../scenarios/build-scene';
import { digestOf } from '../hostile-registry';
import type { ChaosRegistry } from './registry';

/** What nobody wrote for a reader. */
const unmeant =
  /unexpected error|undefined|\[object |\bNaN\b|Cannot read prop|is not a function|(?:Type|Range|Syntax)Error|Invalid (?:URL|character)|ERR_[A-Z]/;

/** What is wrong with how a build ended; empty where nothing is. */
export function faultsOf(result: Result, scene: Scene): string[] {
  const { status, errors, output } = result;
  const wrong: string[] = [];
  const check = (isRight: boolean, problem: string) => {
    if (!isRight) wrong.push(problem);
  };
  check([0, 1, 2].includes(status), `the status ${status}`);
  check(errors.length === (status === 0 ? 0 : 1), `${errors.length} errors`);
  check(!unmeant.test(output), 'a line that was not written for a reader');
  for (const line of errors) {
    check(!/cannot/.test(line) || line.includes(';'), 'an error that does not say what to do');
    check(line.length < 1_300, `an error of ${line.length} characters`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for
    check(!/[\0-\x08\x0b-\x1f\x7f]/.test(line), 'control characters');
  }
  check(readdirSync(scene.temp).length === 0, `left: ${readdirSync(scene.temp)}`);
  check(status === 0 || result.outputs['IMAGE'] === undefined, 'an image in the outputs of a failure');
  return wrong;
}

/** What is wrong with the image that a build says it has pushed. */
export function faultsOfImage(result: Result, { manifests, blobs, asked }: ChaosRegistry): string[] {
  const stored = manifests.get('v1');
  if (result.status === 2 && asked.some((kind) => /PUT|POST/.test(kind)))
    return ['something was sent, and then an input was wrong'];
  if (result.status !== 0) return [];
  if (!stored) return ['nothing is stored under the tag'];
  if (result.outputs['image-digest'] !== digestOf(stored)) return ['the digest is not that of the tag'];
  const { config, layers } = JSON.parse(stored.toString()) as { config: Part; layers: Part[] };
  const ids = (JSON.parse(blobs.get(config.digest)!.toString()) as { rootfs: { diff_ids: string[] } }).rootfs.diff_ids;
  if (ids.length !== layers.length) return [`${ids.length} diff_ids for ${layers.length} layers`];
  return layers.flatMap(({ digest, mediaType, size }, at) => {
    const bytes = blobs.get(digest);
    if (bytes?.length !== size) return [`layer ${at} is not there, or of another size`];
    if (mediaType.endsWith('zstd')) return [];
    const found = digestOf(mediaType.endsWith('gzip') ? gunzipSync(bytes) : bytes);
    return found === ids[at] ? [] : [`layer ${at} unpacks to something else`];
  });
}

interface Part {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
}
