import { createWriteStream } from 'node:fs';
import { chmod, link, lstat, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { linkTextIn, placeIn } from './tree';

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** Applies a layer (a tar archive) to a folder: writes its files and removes what its whiteouts name. */
export async function applyLayer(layer: Readable, root: string): Promise<void> {
  const archive = extract();
  const reading = pipeline(layer, archive);
  // The loop below handles a failure of the layer, too; elsewhere it would be unhandled.
  reading.catch(() => {});
  const written = new Set<string>();
  for await (const entry of archive) {
    await applyEntry(root, entry.header, entry, written);
    entry.resume();
  }
  await reading;
}

async function applyEntry(
  root: string,
  header: Header,
  content: AsyncIterable<unknown>,
  written: Set<string>,
): Promise<void> {
  const place = await placeIn(root, header.name);
  const name = basename(header.name);
  if (place === root) return;
  if (name === opaque) return removeLower(dirname(place), written);
  if (name.startsWith(whiteout))
    return rm(join(dirname(place), name.slice(whiteout.length)), { recursive: true, force: true });
  for (let path = place; path !== root; path = dirname(path)) written.add(path);
  await mkdir(dirname(place), { recursive: true });
  await writeEntry(root, place, header, content);
}

/** An opaque folder hides what lower layers put into it, not what its own layer does. */
async function removeLower(folder: string, written: Set<string>): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (!written.has(path)) await rm(path, { recursive: true, force: true });
    else if ((await lstat(path)).isDirectory()) await removeLower(path, written);
  }
}

/** Devices and the like are left out: they need root, and no task of a test needs them. */
async function writeEntry(root: string, place: string, header: Header, content: AsyncIterable<unknown>): Promise<void> {
  const mode = (header.mode ?? 0o644) & 0o777;
  switch (header.type) {
    case 'directory':
      if (!(await lstat(place).catch(() => undefined))?.isDirectory()) await rm(place, { force: true });
      await mkdir(place, { recursive: true });
      return chmod(place, mode | 0o700);
    case 'symlink':
      await rm(place, { recursive: true, force: true });
      return symlink(await linkTextIn(root, place, header.linkname ?? ''), place);
    case 'link': {
      const target = await placeIn(root, header.linkname ?? '');
      if (target === place) return;
      await rm(place, { recursive: true, force: true });
      return link(target, place);
    }
    case 'file':
    case 'contiguous-file':
      await rm(place, { recursive: true, force: true });
      await pipeline(content, createWriteStream(place, { mode, flags: 'wx' }));
      return chmod(place, mode | 0o400);
    default:
      return;
  }
}
