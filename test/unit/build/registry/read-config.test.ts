import { describe, expect, it } from '@jest/globals';
import { ImageFault } from '../../../../actions/build-and-push/src/registry/faults';
import { readConfig } from '../../../../actions/build-and-push/src/registry/read-config';
import { digestOf } from '../../../support/hostile-registry';

const rootfs = { type: 'layers', diff_ids: [digestOf('x')] };
const good = { os: 'linux', architecture: 'amd64', config: {}, rootfs };
const read = (value: unknown) => readConfig(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 1);

describe('a configuration', () => {
  it.each<[unknown, string]>([
    ['{', 'its configuration is not JSON'],
    ['null', 'its configuration must be an object, got null'],
    [{ ...good, rootfs: undefined }, 'rootfs of its configuration must be an object'],
    [{ ...good, rootfs: [] }, 'rootfs of its configuration must be an object, got a list'],
    [{ ...good, rootfs: { diff_ids: null } }, '0 diff_ids for 1 layers'],
    [{ ...good, rootfs: { diff_ids: {} } }, 'diff_ids of its configuration must be a list'],
    [{ ...good, rootfs: { diff_ids: ['a', 'b'] } }, '2 diff_ids for 1 layers'],
    [{ ...good, rootfs: { diff_ids: ['a'] } }, 'diff_ids[0] of its configuration must be a digest'],
    [{ ...good, os: 5 }, 'os of its configuration must be a short string, got 5'],
    [{ ...good, architecture: 'a\nb' }, 'architecture of its configuration must be a short string'],
    [{ ...good, variant: [] }, 'variant of its configuration must be a short string'],
    [{ ...good, created: 5 }, 'created of its configuration must be a string'],
    [{ ...good, author: {} }, 'author of its configuration must be a string'],
    [{ ...good, history: 'x' }, 'history of its configuration must be a list'],
    [{ ...good, history: [null] }, 'history[0] of its configuration must be an object'],
    [{ ...good, config: [] }, 'config of its configuration must be an object, got a list'],
    ...['Env', 'Entrypoint', 'Cmd', 'OnBuild', 'Shell'].flatMap((name): [unknown, string][] => [
      [{ ...good, config: { [name]: 'x' } }, `${name} of its configuration must be a list, got "x"`],
      [{ ...good, config: { [name]: {} } }, `${name} of its configuration must be a list, got an object`],
      [
        { ...good, config: { [name]: ['a', null] } },
        `${name} of its configuration must be a list of strings, got null`,
      ],
      [{ ...good, config: { [name]: [1] } }, `${name} of its configuration must be a list of strings, got 1`],
    ]),
    ...['ExposedPorts', 'Volumes', 'Labels', 'Healthcheck'].flatMap((name): [unknown, string][] => [
      [{ ...good, config: { [name]: 'x' } }, `${name} of its configuration must be an object, got "x"`],
      [{ ...good, config: { [name]: ['x'] } }, `${name} of its configuration must be an object, got a list`],
    ]),
    ...['User', 'WorkingDir', 'StopSignal'].map((name): [unknown, string] => [
      { ...good, config: { [name]: 0 } },
      `${name} of its configuration must be a string, got 0`,
    ]),
    [{ ...good, config: { Labels: { a: 1 } } }, 'the label "a" of its configuration must be a string, got 1'],
    [{ ...good, config: { Healthcheck: { Test: 'x' } } }, 'Healthcheck.Test of its configuration must be a list'],
    [
      { ...good, config: { Healthcheck: { Interval: '1s' } } },
      'Healthcheck.Interval of its configuration must be a num',
    ],
    [`{"rootfs":${JSON.stringify(rootfs)},"x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, 'is nested too deeply'],
  ])('%.200j is refused', (value, problem) => {
    expect(() => read(value)).toThrow(ImageFault);
    expect(() => read(value)).toThrow(problem);
  });

  it('keeps what it does not know, and null, in its order', () => {
    const docker = {
      architecture: 'amd64',
      config: { Hostname: '', Env: null, Cmd: null, Labels: null, Volumes: null, OnBuild: null, Healthcheck: null },
      container: 'x',
      os: 'linux',
      'os.features': ['a'],
      rootfs,
      history: [{ created_by: 'x', empty_layer: true }],
      moby: { a: 1 },
    };
    expect(JSON.stringify(read(docker))).toBe(JSON.stringify(docker));
  });

  it('leaves out a container and a history that are null', () => {
    expect(read({ ...good, config: null, history: null })).toEqual({ os: 'linux', architecture: 'amd64', rootfs });
  });

  it('may be of an image without layers', () => {
    expect(readConfig(Buffer.from('{"rootfs":{"type":"layers"}}'), 0).rootfs.diff_ids).toEqual([]);
    expect(readConfig(Buffer.from('{}'), 0).rootfs.diff_ids).toEqual([]);
  });
});
