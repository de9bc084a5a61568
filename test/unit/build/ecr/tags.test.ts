import { describe, expect, it } from '@jest/globals';
import { decideTags, isImmutable, type TagState } from '../../../../actions/build-and-push/src/ecr/tags';

const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;
const absent = (tag: string, immutable = false): TagState => ({ tag, immutable });
const there = (tag: string, digest: string, immutable = false): TagState => ({ tag, digest, immutable });
const build = { act: 'build' };
const refuse = (text: string) => ({ act: 'refuse', problem: expect.stringContaining(text) });
const skip = (digest: string, ...add: string[]) => ({ act: 'skip', digest, add, because: expect.any(String) });

describe('decideTags', () => {
  it.each<[string, Parameters<typeof decideTags>[1], TagState[], unknown]>([
    ['nothing known', 'auto', [], build],
    ['a new tag', 'auto', [absent('1')], build],
    ['a tag that may move', 'auto', [there('1', a)], build],
    ['an immutable tag', 'auto', [there('1', a, true)], skip(a)],
    ['an immutable tag with a new one', 'auto', [there('1', a, true), absent('2', true)], skip(a, '2')],
    [
      'a new immutable tag before one that is there',
      'auto',
      [absent('2', true), there('1', a, true)],
      refuse('"2" does not'),
    ],
    ['an immutable tag with one to move', 'auto', [there('latest', b), there('1', a, true)], skip(a, 'latest')],
    ['immutable tags of one image', 'auto', [there('1', a, true), there('2', a, true)], skip(a)],
    ['immutable tags of two images', 'auto', [there('1', a, true), there('2', b, true)], refuse('another image')],
    ['push of a new tag', 'push', [absent('1', true)], build],
    ['push of a tag that may move', 'push', [there('1', a)], build],
    [
      'push of an immutable tag',
      'push',
      [there('1', a, true)],
      refuse('already exists, and the tags of the repository are immutable'),
    ],
    ['fail without the tag', 'fail', [absent('1')], build],
    ['fail with a tag', 'fail', [absent('1'), there('2', a)], refuse('"2"')],
    ['skip without the tag', 'skip', [absent('1'), there('latest', b)], build],
    ['skip with the tag', 'skip', [there('1', a), there('latest', b)], skip(a, 'latest')],
    ['skip, another tag being stuck', 'skip', [absent('1'), there('2', b, true)], refuse('"1" does not')],
  ])('%s', (_, mode, tags, decision) => {
    expect(decideTags(tags, mode)).toEqual(decision);
  });
});

describe('isImmutable', () => {
  const filters = [{ filter: 'dev-*' }, { filter: 'latest' }];
  it.each([
    ['MUTABLE', '1', false],
    ['IMMUTABLE', '1', true],
    ['IMMUTABLE_WITH_EXCLUSION', '1', true],
    ['IMMUTABLE_WITH_EXCLUSION', 'latest', false],
    ['IMMUTABLE_WITH_EXCLUSION', 'latest1', true],
    ['IMMUTABLE_WITH_EXCLUSION', 'dev-7', false],
    ['MUTABLE_WITH_EXCLUSION', 'dev-7', true],
    ['MUTABLE_WITH_EXCLUSION', '1', false],
  ])('%s: %s', (imageTagMutability, tag, immutable) => {
    expect(isImmutable(tag, { imageTagMutability, imageTagMutabilityExclusionFilters: filters })).toBe(immutable);
  });

  it('takes a repository without the setting for mutable', () => {
    expect(isImmutable('1', {})).toBe(false);
  });
});
