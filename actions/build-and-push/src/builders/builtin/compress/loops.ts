/** The inner loops of deflate. They are in WebAssembly (`loops.wat`): V8 compiles it at once, and JavaScript only after it was slow. */

/** What `loops.wat` exports. Positions are relative to the data; a block is of the tokens that were read last. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** Addresses: of the data, and of what `tally` counts and `write` reads, 32 bits for each symbol. */
  readonly data: { readonly value: number };
  readonly literals: { readonly value: number };
  readonly distances: { readonly value: number };
  /** Where the next byte is written. */
  readonly out: { readonly value: number };
  begin(out: number): void;
  read(from: number, end: number): number;
  tally(): number;
  put(bits: number, count: number): void;
  write(): void;
  store(from: number, end: number): void;
}

/** A compiled module, which threads can be given. */
export type LoopsModule = object;

/** Node has it; its types come with those of browsers only. */
declare const WebAssembly: { Instance: new (module: LoopsModule) => { readonly exports: unknown } };

const pageSize = 64 * 1024;

/** How many symbols have a code: literals and lengths, and distances. */
const [literalCount, distanceCount] = [286, 30];

/** The loops with their memory, in which one piece of data is at a time. */
export class Loops {
  readonly #loops: Exports;
  #data = 0;
  #out = 0;

  constructor(module: LoopsModule) {
    this.#loops = new WebAssembly.Instance(module).exports as Exports;
  }

  /**
   * Takes data to read, and forgets those before.
   *
   * @returns the data, where the loops have them; valid until the next call
   */
  begin(data: Uint8Array): Uint8Array {
    const { memory } = this.#loops;
    this.#data = this.#loops.data.value;
    // The loops compare eight bytes at a time, some of them behind the end.
    this.#out = this.#data + data.length + 8;
    const missing = this.#out + mostOf(data.length) - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageSize));
    const copy = new Uint8Array(memory.buffer, this.#data, data.length);
    copy.set(data);
    this.#loops.begin(this.#out);
    return copy;
  }

  /** Reads the tokens of one block. @returns the position after it */
  read(from: number, end: number): number {
    return this.#loops.read(from, end);
  }

  /** Counts the symbols of the block, and the bits that lengths and distances have beside their codes. */
  tally(): { literals: Uint32Array; distances: Uint32Array; extraBits: number } {
    const extraBits = this.#loops.tally();
    return { literals: this.#literals().slice(), distances: this.#distances().slice(), extraBits };
  }

  /** Writes bits, the lowest first. @param count at most 32 */
  put(bits: number, count: number): void {
    this.#loops.put(bits, count);
  }

  /** Writes the tokens of the block and its end. An entry is a code, and in its upper half the number of its bits. */
  write(literals: Uint32Array, distances: Uint32Array): void {
    this.#literals().set(literals.subarray(0, literalCount));
    this.#distances().set(distances);
    this.#loops.write();
  }

  /** Writes the bytes between two positions as they are, and ends with a whole byte, even if there are none. */
  store(from: number, end: number): void {
    this.#loops.store(from, end);
  }

  /** What was written, up to the last whole byte; valid until the next call. */
  written(): Uint8Array {
    return new Uint8Array(this.#loops.memory.buffer, this.#out, this.#loops.out.value - this.#out);
  }

  #literals = () => new Uint32Array(this.#loops.memory.buffer, this.#loops.literals.value, literalCount);
  #distances = () => new Uint32Array(this.#loops.memory.buffer, this.#loops.distances.value, distanceCount);
}

/** Room for what data become: blocks that would be longer than their bytes are stored, with a few bytes before each. */
const mostOf = (length: number): number => length + (length >> 10) + 1024;
