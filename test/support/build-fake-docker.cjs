#!/usr/bin/env node
/**
 * A command line that behaves as Docker's, or under another name as finch's, where the action looks: version, info, buildx,
 * login, build and push. It notes how it was called in FAKE_DOCKER_NOTES, and pushes an empty image for real, with the login
 * of its private configuration.
 */
const { createHash } = require('node:crypto');
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { request } = require('node:http');
const { join } = require('node:path');

const words = process.argv.slice(2);
const env = process.env;
const config = () => join(env.DOCKER_CONFIG, 'config.json');
appendFileSync(
  env.FAKE_DOCKER_NOTES,
  `${JSON.stringify({
    words,
    config: env.DOCKER_CONFIG,
    buildkit: env.DOCKER_BUILDKIT,
    builder: env.BUILDX_BUILDER,
    aws: { id: env.AWS_ACCESS_KEY_ID, secret: env.AWS_SECRET_ACCESS_KEY, session: env.AWS_SESSION_TOKEN },
    secrets: Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('BUILD_SECRET_'))),
  })}\n`,
);

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function send(method, url, headers, body = '') {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function push(name) {
  const [, host, repository, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(name);
  const authorization = `Basic ${JSON.parse(readFileSync(config(), 'utf8')).auths[host].auth}`;
  const base = `http://${host}/v2/${repository}`;
  const image = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}');
  const begun = await send('POST', `${base}/blobs/uploads/`, { authorization });
  const place = new URL(begun.headers.location, base);
  place.searchParams.set('digest', digestOf(image));
  await send('PUT', place, { authorization }, image);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const described = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(image),
    size: image.length,
  };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: described, layers: [] });
  const { statusCode } = await send(
    'PUT',
    `${base}/manifests/${tag}`,
    { authorization, 'content-type': mediaType },
    manifest,
  );
  if (statusCode >= 300) {
    console.error(`received unexpected HTTP status: ${statusCode} Service Unavailable`);
    process.exitCode = 1;
  } else console.log(`${tag}: digest: ${digestOf(Buffer.from(manifest))} size: ${manifest.length}`);
  return digestOf(Buffer.from(manifest));
}

/** What buildx does with `--push`: every name, and a file that tells the digest. */
async function pushAll() {
  const digests = [];
  for (const [at, word] of words.entries()) if (word === '--tag') digests.push(await push(words[at + 1]));
  const metadata = words[words.indexOf('--metadata-file') + 1];
  writeFileSync(metadata, JSON.stringify({ 'containerimage.digest': digests[0] }));
}

function build() {
  if (env.FAKE_DOCKER_BUILD === 'words') console.log(words.join(' '));
  if (env.FAKE_DOCKER_BUILD === 'warn') {
    console.error('\n 1 warning found (use docker --debug to expand):');
    console.error(" - FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)");
  }
  if (env.FAKE_DOCKER_BUILD === 'break') {
    console.error(
      'Dockerfile:3\n--------------------\n   3 | >>> COPY . .\n--------------------\nERROR: failed to solve: x',
    );
    process.exit(1);
  }
  if (env.FAKE_DOCKER_BUILD === 'fail') {
    console.error("Step 2/3 : RUN false\nThe command '/bin/sh -c false' returned a non-zero code: 1");
    process.exit(1);
  }
  if (words.includes('--cache-to') && env.FAKE_DOCKER_CACHE !== undefined) {
    console.error('#7 exporting cache to registry\n#7 ERROR: error writing manifest blob: 400 Bad Request');
    process.exitCode = env.FAKE_DOCKER_CACHE === 'fatal' ? 1 : 0;
    return;
  }
  if (words.includes('--iidfile')) writeFileSync(words[words.indexOf('--iidfile') + 1], digestOf('image'));
  console.log('::set-output name=IMAGE::evil');
  if (env.FAKE_DOCKER_BUILD !== 'hang') return;
  // A child that ends only when it is ended, as a build step would be.
  const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
  });
  console.log(`child ${pid}`);
  setInterval(() => {}, 1000);
}

const commands = {
  version() {
    const server = env.FAKE_DOCKER_DAEMON === 'none' ? null : { Version: '24.0.9' };
    console.log(JSON.stringify({ Client: { Version: env.FAKE_DOCKER_CLIENT ?? '24.0.9' }, Server: server }));
    if (server === null) {
      console.error(
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      );
      process.exitCode = 1;
    }
  },
  buildx() {
    if (env.FAKE_DOCKER_BUILDX === undefined) {
      console.error('docker: unknown command: docker buildx');
      process.exitCode = 1;
    } else if (words[1] === 'version') console.log(`github.com/docker/buildx v${env.FAKE_DOCKER_BUILDX} 1234567`);
    else if (words[1] === 'inspect' && env.BUILDX_BUILDER === 'nowhere') {
      console.error('ERROR: no builder "nowhere" found');
      process.exitCode = 1;
    } else if (words[1] === 'inspect') console.log(`Name: default\nDriver: ${env.FAKE_DOCKER_DRIVER ?? 'docker'}`);
    else if (words.some((word) => /^(--push$|type=image,push=true)/.test(word))) pushAll();
    else build();
  },
  info() {
    if (!words.includes('{{json .DriverStatus}}')) console.log('{"ServerVersion":"v2.1.0"}');
    else console.log(`[["driver-type","${env.FAKE_DOCKER_STORE ?? 'overlay2'}"]]`);
  },
  logout: () => {},
  run: () => {},
  login() {
    const [user, host] = [words[2], words[4]];
    const password = readFileSync(0, 'utf8');
    const before = JSON.parse(readFileSync(config(), 'utf8'));
    const auth = Buffer.from(`${user}:${password}`).toString('base64');
    writeFileSync(config(), JSON.stringify({ ...before, auths: { ...before.auths, [host]: { auth } } }));
    console.log('Login Succeeded');
  },
  build,
  push: () => push(words[1]),
};
commands[words[0]]();
