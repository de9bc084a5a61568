import { describe, expect, it } from '@jest/globals';
import {
  askedFeatures,
  buildersWith,
  type Feature,
  featuresOf,
  missingFeatures,
} from '../../../../actions/build-and-push/src/builders/features';
import type { BuilderName } from '../../../../actions/build-and-push/src/definition';
import { spec } from './spec';

const secrets = [
  { id: 'a', env: 'A' },
  { id: 'b', file: '/b' },
];

describe('what a build asks for', () => {
  it.each<[Parameters<typeof spec>[0], [string, Feature][]]>([
    [{}, []],
    [{ platforms: ['linux/arm64'] }, []],
    [{ platforms: ['linux/amd64', 'linux/arm64'] }, [['platforms', 'several platforms']]],
    [{ cache: 'inline' }, [['cache', 'inline cache']]],
    [
      { cache: 'registry', provenance: true },
      [
        ['cache', 'registry cache'],
        ['provenance', 'provenance'],
      ],
    ],
    [
      { secrets },
      [
        ['secret-envs', 'secrets'],
        ['secret-files', 'secrets'],
      ],
    ],
    [
      { secrets: secrets.slice(1), options: ['-q'] },
      [
        ['secret-files', 'secrets'],
        ['build-options', 'options'],
      ],
    ],
    [{ secrets: [{ id: 'a', env: 'V' }], secretValues: { V: 'x' } }, [['secrets', 'secrets']]],
    [
      { 'cache-from': ['type=gha', 'r/app:cache'], 'cache-to': ['type=gha', 'type=gha,scope=x'] },
      [
        ['cache-from', 'cache export'],
        ['cache-from', 'cache import'],
        ['cache-to', 'cache export'],
      ],
    ],
    [
      { sbom: true, settings: { ssh: ['default'], annotations: ['a=b'], network: ['host'] }, load: true },
      [
        ['sbom', 'attestations'],
        ['annotations', 'annotations'],
        ['ssh', 'ssh'],
        ['network', 'settings of commands'],
        ['load', 'load of an index'],
      ],
    ],
    [{ load: true }, [['load', 'load']]],
    [{ exporter: ['compression=zstd'] }, [['outputs', 'output settings']]],
    [{ noCache: true, pull: true }, []],
  ])('%j', (asked, features) => {
    expect(askedFeatures(spec(asked)).map(({ where, feature }) => [where, feature])).toEqual(features);
  });

  it('is refused by the input, with the builders that can', () => {
    const limits = missingFeatures(spec({ secrets, options: ['-q'] }), 'docker 18', new Set<Feature>(['options']));
    const able = ['docker with BuildKit', 'finch', 'podman', 'buildah'];
    expect(limits).toEqual([
      { where: 'secret-envs', problem: 'docker 18 cannot pass secrets', able },
      { where: 'secret-files', problem: 'docker 18 cannot pass secrets', able },
    ]);
  });
});

const own = 'docker with buildx and a builder of its own (docker buildx create --use)';

describe('the builders that can do it', () => {
  it.each<[Parameters<typeof buildersWith>[0], string[]]>([
    ['commands', ['docker', 'finch', 'podman', 'buildah']],
    ['secrets', ['docker with BuildKit', 'finch', 'podman', 'buildah']],
    ['several platforms', [own]],
    ['inline cache', ['docker with BuildKit']],
    ['registry cache', [own]],
    ['provenance', [own]],
    ['options', ['docker', 'finch', 'podman', 'buildah']],
  ])('%s', (what, builders) => {
    expect(buildersWith(what)).toEqual(builders);
  });
});

describe('the features that a builder always has', () => {
  it.each<[BuilderName, Feature[]]>([
    ['docker', ['options', 'settings of commands']],
    ['finch', ['secrets', 'options', 'build contexts', 'ssh', 'load']],
    ['podman', ['secrets', 'options', 'build contexts', 'ssh', 'settings of commands', 'load']],
    ['buildah', ['secrets', 'options', 'build contexts', 'ssh', 'settings of commands', 'load']],
    ['builtin', []],
  ])('%s', (name, features) => {
    expect([...featuresOf(name)]).toEqual(features);
  });
});
