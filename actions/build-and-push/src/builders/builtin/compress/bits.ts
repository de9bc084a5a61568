/** Writes bits, the lowest first, into bytes that are given; where they do not suffice, into larger ones. */
export class BitWriter {
  #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @param count at most 16 */
  write(bits: number, count: number): void {
    this.#held |= bits << this.#count;
    this.#count += count;
    if (this.#count < 16) return;
    if (this.#at + 2 > this.#bytes.length) this.#grow(2);
    this.#bytes[this.#at++] = this.#held;
    this.#bytes[this.#at++] = this.#held >>> 8;
    this.#held >>>= 16;
    this.#count -= 16;
  }

  /** Fills the last byte with zeros. */
  align(): void {
    this.#grow(2);
    for (; this.#count > 0; this.#count -= 8) {
      this.#bytes[this.#at++] = this.#held;
      this.#held >>>= 8;
    }
    this.#held = 0;
    this.#count = 0;
  }

  /** Whole bytes, after `align`. */
  append(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** What was written, after `align`. */
  result(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  #grow(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}
