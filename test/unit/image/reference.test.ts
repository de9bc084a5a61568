import { describe, expect, it } from '@jest/globals';
import {
  formatImageReference,
  isDigest,
  isRegistryHost,
  parseImageReference,
  tagProblem,
} from '../../../shared/image/reference';
import { fc } from '../../support/properties';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const host = '111122223333.dkr.ecr.us-west-2.amazonaws.com';

describe('parseImageReference', () => {
  it.each([
    ['app', { repository: 'app' }],
    ['app:1.0', { repository: 'app', tag: '1.0' }],
    ['library/app', { repository: 'library/app' }],
    [`${host}/team/app:v1`, { host, repository: 'team/app', tag: 'v1' }],
    [`${host}/app@${digest}`, { host, repository: 'app', digest }],
    [`${host}/app:v1@${digest}`, { host, repository: 'app', tag: 'v1', digest }],
    ['localhost/app', { host: 'localhost', repository: 'app' }],
    ['localhost:5000/app:1', { host: 'localhost:5000', repository: 'app', tag: '1' }],
    ['127.0.0.1:5000/app', { host: '127.0.0.1:5000', repository: 'app' }],
    ['[::1]:5000/app', { host: '[::1]:5000', repository: 'app' }],
    ['localhost:65535/app', { host: 'localhost:65535', repository: 'app' }],
    ['Upper/app', { host: 'Upper', repository: 'app' }],
    ['a__b/c-d/e---f.g', { repository: 'a__b/c-d/e---f.g' }],
    ['host:5000', { repository: 'host', tag: '5000' }],
  ])('reads %s', (text, parts) => {
    expect(parseImageReference(text)).toEqual(parts);
    expect(formatImageReference(parts)).toBe(text);
  });

  it.each([
    ['', 'must be an image'],
    ['$REPOSITORY_URI:$IMAGE_TAG', 'lower case'],
    ['<IMAGE1_NAME>', 'lower case'],
    ['<image>', 'lower-case letters and digits'],
    ['App', 'lower case'],
    ['app:', 'tag ""'],
    ['app:.x', 'not beginning with'],
    [`app:${'x'.repeat(129)}`, 'at most 128'],
    ['app@sha256:abc', 'digest'],
    [`app@${digest.toUpperCase()}`, 'digest'],
    [`app@${digest}@${digest}`, 'must be an image'],
    ['a___b', 'lower-case letters and digits'],
    ['a//b', 'lower-case letters and digits'],
    ['-a', 'lower-case letters and digits'],
    ['ex ample.com/app', 'registry host'],
    ['localhost:99999/app', 'port is not from 1 to 65535'],
    ['localhost:0/app', 'port is not from 1 to 65535'],
    ['[::1]:65536/app', 'port is not from 1 to 65535'],
    [`localhost:${'9'.repeat(200)}/app`, 'port is not from 1 to 65535'],
    ['1.2.3.400/app', 'registry host that is not valid'],
    ['[:::]:5000/app', 'registry host that is not valid'],
    [`example.com/${'a'.repeat(250)}`, 'at most 255'],
  ])('refuses %s', (text, rule) => {
    expect(parseImageReference(text)).toEqual({ problem: expect.stringContaining(rule) });
  });

  it('gives back what it read, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aB1._-:/@[]') }), (text) => {
        const parsed = parseImageReference(text);
        if (!('problem' in parsed)) expect(formatImageReference(parsed)).toBe(text);
      }),
    );
  });
});

describe('the parts on their own', () => {
  it.each(['latest', 'v1.0', '_', 'A-b_c.d', 'x'.repeat(128)])('takes the tag %s', (tag) => {
    expect(tagProblem(tag)).toBeUndefined();
  });

  it.each(['', '-a', '.a', 'a b', 'a/b', 'a:b', 'ä', 'x'.repeat(129)])('refuses the tag %j', (tag) => {
    expect(tagProblem(tag)).toEqual(expect.any(String));
  });

  it('knows digests, repositories and hosts', () => {
    expect([isDigest(digest), isDigest('sha256:12'), isDigest('latest')]).toEqual([true, false, false]);
    expect([isRegistryHost('a.b:80'), isRegistryHost('a/b'), isRegistryHost('')]).toEqual([true, false, false]);
  });
});
