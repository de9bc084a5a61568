import { describe, expect, it } from '@jest/globals';
import {
  buildCommand,
  type Docker,
  pushByBuilder,
} from '../../../../../actions/build-and-push/src/builders/docker/args';
import { spec } from '../spec';

const names = ['r.example/app:v1', 'r.example/app:v2'];
const buildx: Docker = { flavour: 'buildx', buildx: '0.24.0', driver: 'docker', containerd: false, daemon: true };
const own: Docker = { ...buildx, driver: 'docker-container' };
const oldBuildx: Docker = { ...buildx, buildx: '0.9.1' };
const buildKit: Docker = { flavour: 'buildkit', buildx: undefined, driver: undefined, containerd: false, daemon: true };
const classic: Docker = { flavour: 'classic', buildx: undefined, driver: undefined, containerd: false, daemon: true };
const rest = ['--file', '/src/Dockerfile', '--tag', 'r.example/app:v1', '--tag', 'r.example/app:v2', '/src'];
const cache = ['--cache-from', 'type=registry,ref=r.example/app:buildcache'];
const cacheTo = 'type=registry,ref=r.example/app:buildcache,mode=max,image-manifest=true,oci-mediatypes=true';
const noAttestations = ['--provenance=false', '--sbom=false'];

describe('the words of a docker build', () => {
  it.each<[Parameters<typeof spec>[0], string[]]>([
    [{ settings: { attests: ['type=provenance,mode=min'] } }, ['--sbom=false', '--attest', 'type=provenance,mode=min']],
    [
      { settings: { attests: ['type=provenance,mode=min', 'generator=x/y,type=sbom'] }, provenance: 'mode=max' },
      ['--provenance=mode=max', '--attest', 'generator=x/y,type=sbom'],
    ],
    [{ settings: { attests: ['type=sbom'] }, provenance: true, sbom: true }, ['--provenance=true', '--sbom=true']],
  ])('name each kind of attestation once: %j', (given, words) => {
    const isOne = (word: string, at: number, all: readonly string[]) =>
      /^--(?:provenance|sbom|attest)\b/.test(word) || all[at - 1] === '--attest';
    expect(buildCommand(own, spec(given), names).args.filter(isOne)).toEqual(words);
    expect(pushByBuilder(own, spec(given), names, 'm').filter(isOne)).toEqual(words);
  });

  it.each<[string, Docker, Parameters<typeof spec>[0], string[], object]>([
    ['classic', classic, {}, ['build'], { DOCKER_BUILDKIT: '0' }],
    ['BuildKit', buildKit, {}, ['build', '--progress=plain'], { DOCKER_BUILDKIT: '1' }],
    ['old buildx', oldBuildx, {}, ['buildx', 'build', '--load', '--progress=plain'], {}],
    ['buildx', buildx, {}, ['buildx', 'build', '--load', '--progress=plain', ...noAttestations], {}],
    [
      'buildx from source',
      { ...buildx, buildx: '0.0.0' },
      {},
      ['buildx', 'build', '--load', '--progress=plain', ...noAttestations],
      {},
    ],
    [
      'provenance',
      own,
      { provenance: true },
      ['buildx', 'build', '--progress=plain', '--provenance=true', '--sbom=false'],
      {},
    ],
    [
      'a cache in the registry',
      own,
      { cache: 'registry' },
      [
        'buildx',
        'build',
        '--load',
        '--progress=plain',
        ...noAttestations,
        ...cache,
        '--cache-to',
        `${cacheTo},ignore-error=true`,
      ],
      {},
    ],
    [
      'a cache in the image',
      buildx,
      { cache: 'inline' },
      [
        ...['buildx', 'build', '--load', '--progress=plain', ...noAttestations],
        ...['--cache-from', 'type=registry,ref=r.example/app:v1', '--cache-from', 'type=registry,ref=r.example/app:v2'],
        ...['--cache-to', 'type=inline'],
      ],
      {},
    ],
    [
      'a cache in the image, without buildx',
      buildKit,
      { cache: 'inline' },
      [
        ...['build', '--progress=plain', '--cache-from', 'r.example/app:v1', '--cache-from', 'r.example/app:v2'],
        ...['--build-arg', 'BUILDKIT_INLINE_CACHE=1'],
      ],
      { DOCKER_BUILDKIT: '1' },
    ],
  ])('%s', (_, docker, asked, words, env) => {
    expect(buildCommand(docker, spec(asked), names)).toEqual({ args: [...words, ...rest], env });
  });

  it('pushes from the builder what the daemon cannot hold, and does not write the cache again', () => {
    const several = spec({
      platforms: ['linux/amd64', 'linux/arm64'],
      cache: 'registry',
      options: ['--no-cache', '--pull=true'],
    });
    expect(buildCommand(own, several, names).args).not.toContain('--load');
    expect(pushByBuilder(own, several, names, '/tmp/m.json')).toEqual([
      ...['buildx', 'build', '--push', '--metadata-file', '/tmp/m.json', '--progress=plain', ...noAttestations],
      ...['--file', '/src/Dockerfile', '--platform', 'linux/amd64,linux/arm64'],
      ...rest.slice(2),
    ]);
  });
});
