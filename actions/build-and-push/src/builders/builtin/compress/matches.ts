/** Finds what occurs a second time (LZ77), as deflate tells it: a length and how far back it was. */

/** As far as deflate looks back. */
const windowSize = 32 * 1024;
const hashBits = 15;
/** Shorter matches are seldom shorter than their bytes. */
const shortest = 4;
const longest = 258;
/** How many earlier places are looked at, and from which length on a match is good enough. */
const [mostPlaces, niceLength] = [8, 64];
/** How often in a row nothing may be found before some bytes are passed over: data that do not repeat soon cost less. */
const patience = 6;

/** A match is its length in the upper half and its distance in the lower; a literal is its byte. */
export const lengthOf = (token: number): number => token >>> 16;
export const distanceOf = (token: number): number => token & 0xffff;

const hashAt = (data: Uint8Array, at: number): number =>
  Math.imul(data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24), 0x9e3779b1) >>>
  (32 - hashBits);

/** Reads one piece of data from its beginning to its end, and gives what it is made of. */
export class MatchFinder {
  /** The last place of each hash, and of each place the one before it; places count from 1. */
  readonly #last = new Int32Array(1 << hashBits);
  readonly #before = new Int32Array(windowSize);
  #data: Uint8Array = new Uint8Array(0);

  begin(data: Uint8Array): void {
    this.#data = data;
    this.#last.fill(0);
  }

  /**
   * Writes tokens for the bytes from a place on, until there is no room for more or the end is reached.
   *
   * @returns the position after what they encode, and their number
   */
  read(from: number, end: number, tokens: Uint32Array): { next: number; count: number } {
    const data = this.#data;
    const most = tokens.length - longest;
    let at = from;
    let count = 0;
    let misses = 0;
    while (at < end && count < most) {
      let match = at + shortest <= end ? this.#matchAt(at, end, mostPlaces) : 0;
      if (match === 0) {
        let literals = 1 + (misses++ >> patience);
        for (; literals > 0 && at < end && count < most; literals--) tokens[count++] = data[at++]!;
        continue;
      }
      misses = 0;
      // A longer match may begin at the next byte.
      while (lengthOf(match) < niceLength && at + 1 + shortest <= end && count < most) {
        const next = this.#matchAt(at + 1, end, mostPlaces >> 1);
        if (lengthOf(next) <= lengthOf(match)) {
          this.#insertFrom(at + 2, Math.min(at + lengthOf(match), end - shortest));
          break;
        }
        tokens[count++] = data[at++]!;
        match = next;
      }
      if (lengthOf(match) >= niceLength) this.#insertFrom(at + 1, Math.min(at + lengthOf(match), end - shortest));
      tokens[count++] = match;
      at += lengthOf(match);
    }
    return { next: at, count };
  }

  #insertFrom(from: number, to: number): void {
    const data = this.#data;
    const last = this.#last;
    const before = this.#before;
    for (let at = from; at < to; at++) {
      const hash = hashAt(data, at);
      before[at & (windowSize - 1)] = last[hash]!;
      last[hash] = at + 1;
    }
  }

  /** The longest match at a place among those that are looked at; 0 where there is none. Remembers the place. */
  #matchAt(at: number, end: number, places: number): number {
    const data = this.#data;
    const before = this.#before;
    const hash = hashAt(data, at);
    let place = this.#last[hash]! - 1;
    before[at & (windowSize - 1)] = place + 1;
    this.#last[hash] = at + 1;
    const limit = Math.min(longest, end - at);
    let best = shortest - 1;
    let distance = 0;
    for (let left = places; place >= 0 && at - place < windowSize && left > 0; left--) {
      if (data[place + best] === data[at + best] && data[place] === data[at]) {
        let length = 1;
        while (length < limit && data[place + length] === data[at + length]) length++;
        if (length > best) {
          best = length;
          distance = at - place;
          if (length >= niceLength || length === limit) break;
        }
      }
      const earlier = before[place & (windowSize - 1)]! - 1;
      if (earlier >= place) break;
      place = earlier;
    }
    return distance === 0 ? 0 : (best << 16) | distance;
  }
}
