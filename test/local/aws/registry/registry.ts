import type { IncomingMessage } from 'node:http';
import type { EcrState } from '../ecr/state';
import { type HttpPart, readBody } from '../server';
import { AwsRefusal } from '../service';
import { answerRefusal, type RegistryAnswer, RegistryRefusal } from './answer';
import { answerBlob } from './blobs';
import { answerManifest } from './manifests';
import { parseResource, type Resource } from './resource';
import { type RegistryBackend, serve } from './serve';
import { answerTags } from './tags';
import { Uploads } from './uploads';

/** The image registry: everything below /v2/, on the same state as ECR's control plane. */
export function createRegistry(state: EcrState, backend: RegistryBackend): HttpPart {
  const uploads = new Uploads(state);
  return async (request, response, url) => {
    if (!/^\/v2(\/|$)/.test(url.pathname)) return false;
    const resource = parseResource(url.pathname);
    await serve(backend, { request, response, resource }, () => answer(state, uploads, request, url, resource));
    return true;
  };
}

async function answer(
  state: EcrState,
  uploads: Uploads,
  request: IncomingMessage,
  url: URL,
  resource: Resource | undefined,
): Promise<RegistryAnswer> {
  try {
    refuseStranger(state, request);
    if (!resource) throw new RegistryRefusal(404, 'UNSUPPORTED', `the registry has no ${url.pathname}`);
    return await perform(state, uploads, request, url, resource);
  } catch (error) {
    const refusal = error instanceof AwsRefusal ? toRegistry(error) : error;
    if (refusal instanceof RegistryRefusal) return answerRefusal(refusal);
    throw error;
  }
}

function perform(
  state: EcrState,
  uploads: Uploads,
  request: IncomingMessage,
  url: URL,
  resource: Resource,
): Promise<RegistryAnswer> | RegistryAnswer {
  if (resource.kind === 'base')
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
  const { method = 'GET', headers } = request;
  const { range, 'content-range': contentRange, 'content-type': contentType } = headers;
  const isWriting = method !== 'GET' && method !== 'HEAD';
  const repository = isWriting ? state.pushedTo(resource.repository) : state.repository(resource.repository);
  switch (resource.kind) {
    case 'blobs':
      return answerBlob(state, repository, resource.digest, { method, range });
    case 'uploads':
      return uploads.answer(repository, {
        method,
        id: resource.id,
        query: url.searchParams,
        contentRange,
        body: request,
      });
    case 'manifests':
      return answerManifest(state, repository, {
        method,
        reference: resource.reference,
        contentType,
        body: () => readBody(request),
      });
    case 'tags':
      return answerTags(repository, url);
  }
}

/** Only the user AWS with a password of GetAuthorizationToken gets in. */
function refuseStranger({ tokens }: EcrState, { headers }: IncomingMessage): void {
  const judgement = tokens.judge(headers.authorization);
  if (judgement === 'expired') {
    const words = 'Your authorization token has expired. Reauthenticate and try again.';
    throw new RegistryRefusal(403, 'DENIED', words);
  }
  if (judgement === 'unknown') {
    const challenge = `Basic realm="http://${headers.host ?? ''}/",service="ecr.amazonaws.com"`;
    throw new RegistryRefusal(401, 'UNAUTHORIZED', 'Not Authorized', { 'www-authenticate': challenge });
  }
}

/** What the control plane would say, in the words of the registry. A tag that is immutable is TAG_INVALID there. */
function toRegistry({ code, message }: AwsRefusal): RegistryRefusal {
  if (code === 'RepositoryNotFoundException') return new RegistryRefusal(404, 'NAME_UNKNOWN', message);
  return new RegistryRefusal(400, code === 'ImageTagAlreadyExistsException' ? 'TAG_INVALID' : 'UNKNOWN', message);
}
