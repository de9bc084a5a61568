import { existsSync, readFileSync } from 'node:fs';
import type { Context } from '../../../../shared/host/run-action';
import { formatImageReference } from '../../../../shared/image/reference';
import type { Outputs } from '../definition';
import type { BuildSpec, Destination } from './builder';

/**
 * The outputs that docker/build-push-action has beyond this action's own. The id of an image that was pushed is read from its
 * manifest; where that cannot be had, the output is left out, as the image is there all the same.
 *
 * @param digest undefined where nothing was pushed
 */
export async function compatibleOutputs(
  digest: string | undefined,
  destination: Destination,
  { idFile }: BuildSpec,
  { host, log }: Pick<Context, 'host' | 'log'>,
): Promise<Pick<Outputs, 'digest' | 'imageid' | 'metadata'>> {
  if (host === 'codecatalyst') return {};
  const id = digest ? await idOf(digest, destination, log) : idIn(idFile);
  const names = destination.tags.map((tag) => formatImageReference({ ...withoutClient(destination), tag }));
  const metadata = {
    ...(id && { 'containerimage.config.digest': id }),
    ...(digest && { 'containerimage.digest': digest }),
    ...(names.length > 0 && { 'image.name': names.join(',') }),
  };
  return { ...(digest && { digest }), ...(id && { imageid: id }), metadata: JSON.stringify(metadata) };
}

const withoutClient = ({ host, repository }: Destination) => ({ host, repository });

/** The configuration of a single image is its id; an index has none but its own digest. */
async function idOf(digest: string, { client, repository }: Destination, log: Context['log']) {
  try {
    const manifest = await client.manifest(repository, digest);
    const { config } = JSON.parse(manifest?.body.toString() ?? '{}') as { config?: { digest?: unknown } };
    return typeof config?.digest === 'string' ? config.digest : digest;
  } catch (error) {
    log.debug(`the id of the image cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}

function idIn(file: string | undefined): string | undefined {
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
