import { createHash } from 'node:crypto';
import { ECR } from '@aws-sdk/client-ecr';
import { createEmbeddedAws } from '../../local/aws/embedded';

export const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
/** A layer, and the digest of it. */
export const blob = Buffer.from('the content of a layer');
export const digest = digestOf(blob);
export const config = Buffer.from('{}');

export const descriptor = (bytes: Buffer, mediaType = 'application/vnd.oci.image.layer.v1.tar') => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
});

export const manifestFor = (own: Buffer, ...layers: Buffer[]) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(own, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => descriptor(layer)),
  });

export type RegistryScene = Awaited<ReturnType<typeof openRegistryScene>>;

/** An embedded AWS with the repository team/app, and a client of its registry that is logged in. */
export async function openRegistryScene() {
  const aws = createEmbeddedAws();
  const http = await aws.listen();
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const ecr = new ECR({ region: aws.region, credentials, requestHandler: aws.handler as never });
  const { authorizationData } = await ecr.getAuthorizationToken({});
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  aws.ecr.createRepository('team/app');
  const ask = async (
    method: string,
    path: string,
    body?: Uint8Array | string,
    headers: Record<string, string> = {},
  ) => {
    const answer = await fetch(new URL(path, http.endpoint), {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const location = answer.headers.get('location') ?? '';
    return { status: answer.status, headers: answer.headers, bytes, code: codeOf(bytes), location };
  };
  const push = async (bytes: Uint8Array, repository = 'team/app') => {
    const { location } = await ask('POST', `/v2/${repository}/blobs/uploads/`);
    return ask('PUT', `${location}?digest=${digestOf(bytes)}`, bytes);
  };
  const putManifest = (reference: string, manifest: string, type = manifestType) =>
    ask('PUT', `/v2/team/app/manifests/${reference}`, manifest, { 'content-type': type });
  const pushImage = async (tag: string, layer = blob) => {
    await push(config);
    await push(layer);
    return putManifest(tag, manifestFor(config, layer));
  };
  return { aws, http, ecr, authorization, ask, push, putManifest, pushImage };
}

function codeOf(bytes: Buffer): string | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')).errors?.[0]?.code;
  } catch {
    return undefined;
  }
}
