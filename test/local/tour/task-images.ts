import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseImageReference } from '../../../shared/image/reference';
import type { EcrState } from '../aws/ecr/state';
import type { BaseImage } from '../aws/registry/seed';
import { unpackImage } from '../aws/registry/unpack';
import type { UnpackedImage } from './launch-process';

/** Pulls images of the embedded registry into folders of their own below `root`, each once. */
export function createUnpacker(ecr: () => EcrState, root: string): (image: string) => Promise<UnpackedImage> {
  const unpacked = new Map<string, Promise<UnpackedImage>>();
  return (image) => {
    const known = unpacked.get(image) ?? unpack(ecr(), image, join(root, String(unpacked.size + 1)));
    unpacked.set(image, known);
    return known;
  };
}

async function unpack(ecr: EcrState, image: string, folder: string): Promise<UnpackedImage> {
  const reference = parseImageReference(image);
  if ('problem' in reference) throw new Error(reference.problem);
  const { repository, digest, tag } = reference;
  const config = await unpackImage(ecr, repository, digest ?? tag ?? 'latest', folder);
  const { Entrypoint = [], Cmd = [], Env = [], WorkingDir = '/' } = config;
  return {
    folder,
    command: [...Entrypoint, ...Cmd],
    workingDir: WorkingDir,
    environment: Object.fromEntries(Env.map((assignment) => assignment.split(/=(.*)/s, 2))),
  };
}

/** Stands in for an image of Node: tasks run the Node of this machine, as containers too. */
export const baseImage: BaseImage = {
  repository: 'base/node',
  tag: '22-alpine',
  files: { 'etc/os-release': 'NAME="Stand-in for node:22-alpine"\n' },
  config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin'], Cmd: ['node'] },
};

/** The sample application with another name on its page: what the service runs before the first deployment. */
export function firstImage(sample: string, version: string): BaseImage {
  const page = readFileSync(join(sample, 'templates/index.html'), 'utf8').replace(/Las Vegas/g, version);
  return {
    repository: 'first',
    tag: '1',
    files: { 'app/server.mjs': readFileSync(join(sample, 'server.mjs')), 'app/templates/index.html': page },
    config: { WorkingDir: '/app', Env: ['PORT=80'], Cmd: ['node', 'server.mjs'] },
  };
}
