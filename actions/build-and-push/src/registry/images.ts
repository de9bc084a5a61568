import type { RegistryClient } from './client';
import { type ImageIndex, types } from './oci';

/** The images behind a digest: itself, or those of an index without its attestations. */
export async function imagesOf(client: RegistryClient, repository: string, digest: string): Promise<string[]> {
  const stored = await client.manifest(repository, digest);
  if (stored?.mediaType !== types.index && stored?.mediaType !== types.dockerList) return [digest];
  const { manifests } = JSON.parse(stored.body.toString()) as ImageIndex;
  return manifests.filter(({ platform }) => platform?.os !== 'unknown').map((child) => child.digest);
}
