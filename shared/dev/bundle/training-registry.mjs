// @ts-check
/** The ECR of the exercises: one repository in memory, which takes and gives whatever it is asked for. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {{ status: number, headers?: Record<string, string>, body?: Buffer | string }} Answer */

const digestOf = (/** @type {Buffer} */ content) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

class Repository {
  /** @type {Map<string, Buffer>} by digest */
  blobs = new Map();
  /** @type {Map<string, { type: string, body: Buffer }>} by digest and by tag */
  manifests = new Map();

  /**
   * @param {string} operation of the API of ECR
   * @param {{ imageIds?: { imageTag: string }[] }} input
   * @param {string} host its own
   * @returns {Answer}
   */
  call(operation, { imageIds }, host) {
    const json = (/** @type {unknown} */ value, status = 200) => ({ status, body: JSON.stringify(value) });
    if (operation === 'GetAuthorizationToken') {
      const authorizationToken = Buffer.from('AWS:password').toString('base64');
      return json({ authorizationData: [{ authorizationToken, expiresAt: 4e9, proxyEndpoint: `http://${host}` }] });
    }
    if (operation === 'DescribeRepositories') return json({ repositories: [{ imageTagMutability: 'MUTABLE' }] });
    const tags = imageIds?.map(({ imageTag }) => imageTag);
    const found = [...this.manifests].filter(([name]) => tags?.includes(name) ?? name.includes(':'));
    if (found.length === 0) return json({ __type: 'ImageNotFoundException' }, 400);
    const imageDetails = found.map(([, { type, body }]) => ({
      imageDigest: digestOf(body),
      imagePushedAt: 1,
      imageManifestMediaType: type,
    }));
    return json({ imageDetails });
  }

  /**
   * @param {string} method
   * @param {URL} url
   * @param {Buffer} body
   * @param {string} type of the body
   * @returns {Answer}
   */
  serve(method, { pathname, searchParams }, body, type) {
    const [kind, reference = ''] = pathname.split('/').slice(-2);
    if (method === 'POST') return { status: 202, headers: { location: '/v2/app/blobs/uploads/1' } };
    if (method === 'PUT' && kind === 'uploads') {
      this.blobs.set(searchParams.get('digest') ?? '', body);
      return { status: 201 };
    }
    if (method === 'PUT') {
      for (const name of [reference, digestOf(body)]) this.manifests.set(name, { type, body });
      return { status: 201 };
    }
    const blob = this.blobs.get(reference);
    const found =
      kind === 'blobs' ? blob && { type: 'application/octet-stream', body: blob } : this.manifests.get(reference);
    if (!found) return { status: 404 };
    const headers = { 'content-type': found.type, 'docker-content-digest': digestOf(found.body) };
    return { status: 200, headers, body: method === 'GET' ? found.body : '' };
  }
}

/**
 * Serves on a port of this machine.
 * @returns {Promise<{ host: string, close(): void }>}
 */
export async function serveRegistry() {
  const repository = new Repository();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { host = '', 'x-amz-target': target, 'content-type': type = '' } = request.headers;
    const answer = target
      ? repository.call(`${target}`.replace(/^.*\./, ''), JSON.parse(body.toString()), host)
      : repository.serve(request.method ?? '', new URL(request.url ?? '', `http://${host}`), body, type);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { host: `127.0.0.1:${address.port}`, close: () => server.close() };
}
