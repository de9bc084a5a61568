import { expect, it } from '@jest/globals';
import { parseInfo, pushedDigest } from '../../../../../actions/build-and-push/src/builders/finch/finch';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

it('reads the version of a containerd that answers', () => {
  expect(parseInfo('{"ServerVersion":"v2.1.0","Driver":"overlayfs"}')).toBe('v2.1.0');
  expect(parseInfo('instance "finch" is not running')).toBeUndefined();
  expect(parseInfo('{}')).toBeUndefined();
});

it('takes the digest of an index before that of its manifests', () => {
  const manifest = `manifest-${digest('a')}: done           |++++|`;
  expect(pushedDigest(['pushing', manifest, `config-${digest('c')}: done`])).toBe(digest('a'));
  expect(pushedDigest([manifest, ` index-${digest('b')}:    done           |++++|`])).toBe(digest('b'));
  expect(pushedDigest(['done'])).toBeUndefined();
});
