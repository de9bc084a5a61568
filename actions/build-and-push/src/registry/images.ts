import type { RegistryClient } from './client';
import { isIndex, readIndex } from './read-manifest';

/** The images behind a digest: itself, or those of an index without its attestations. */
export async function imagesOf(client: RegistryClient, repository: string, digest: string): Promise<string[]> {
  const stored = await client.manifest(repository, digest);
  if (!stored || !isIndex(stored.mediaType)) return [digest];
  const { manifests } = readIndex(stored);
  return manifests.filter(({ platform }) => platform?.os !== 'unknown').map((child) => child.digest);
}
