import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { drain, mostUnpacked, unpack } from '../../../../../actions/build-and-push/src/builders/builtin/unpack-layer';
import { ImageFault } from '../../../../../actions/build-and-push/src/registry/faults';
import { types } from '../../../../../actions/build-and-push/src/registry/oci';
import { digestOf } from '../../../../support/hostile-registry';
import { packedText, text } from './zstd-sample';

const zeros = Buffer.alloc(3_000_000);
const packed = gzipSync(zeros);

function read(content: Buffer, mediaType: string = types.gzipLayer, most?: number, diffId = digestOf(zeros)) {
  const descriptor = { mediaType, digest: digestOf(content), size: content.length };
  return unpack(Readable.from([content]), { descriptor, diffId }, drain, most);
}

describe('a layer', () => {
  it.each([
    ['in gzip', packed, types.gzipLayer],
    ['that is not compressed', zeros, types.layer],
    [
      'in several members of gzip',
      Buffer.concat([gzipSync(zeros.subarray(0, 5)), gzipSync(zeros.subarray(5))]),
      types.gzipLayer,
    ],
  ])('%s is compared with what it unpacks to', async (_, content, type) => {
    await expect(read(content, type)).resolves.toBeUndefined();
    const other = digestOf('x');
    await expect(read(content, type, undefined, other)).rejects.toThrow(
      `unpacks to ${digestOf(zeros)}, not to ${other}`,
    );
  });

  it('in zstd is compared with what it unpacks to, on every Node', async () => {
    const right = digestOf(text);
    await expect(read(packedText, types.zstdLayer, undefined, right)).resolves.toBeUndefined();
    await expect(read(packedText, types.zstdLayer, undefined, digestOf('x'))).rejects.toThrow(`unpacks to ${right}`);
    await expect(read(packedText, types.zstdLayer, text.length - 1, right)).rejects.toThrow('unpacks to more than');
    const cut = read(packedText.subarray(0, 5_000), types.zstdLayer, undefined, right);
    await expect(cut).rejects.toThrow(/its layer \S+ cannot be unpacked \(it ends within a frame\)/);
  });

  it('is compared by the algorithm that the configuration says', async () => {
    await expect(read(packed, types.gzipLayer, undefined, `sha512:${'0'.repeat(128)}`)).rejects.toThrow(
      /unpacks to sha512:/,
    );
  });

  it.each([types.gzipLayer, types.layer])('of the type %s ends where it unpacks to too much', async (type) => {
    const content = type === types.layer ? zeros : packed;
    const failing = read(content, type, zeros.length - 1);
    await expect(failing).rejects.toThrow(ImageFault);
    await expect(read(content, type, zeros.length - 1)).rejects.toThrow(
      `unpacks to more than ${zeros.length - 1} bytes`,
    );
    await expect(read(content, type, zeros.length)).resolves.toBeUndefined();
  });

  it('is compared to its end, whatever its reader reads', async () => {
    const descriptor = { mediaType: types.gzipLayer, digest: digestOf(packed), size: packed.length };
    const consume = async () => 'enough';
    const content = () => Readable.from([packed]);
    expect(await unpack(content(), { descriptor, diffId: digestOf(zeros) }, consume)).toBe('enough');
    await expect(unpack(content(), { descriptor, diffId: digestOf('x') }, consume)).rejects.toThrow('unpacks to');
  });

  it('may unpack to gigabytes', () => {
    expect(mostUnpacked(0)).toBe(1024 ** 3);
    expect(mostUnpacked(1024 ** 3)).toBe(501 * 1024 ** 3);
  });
});
