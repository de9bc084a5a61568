/**
 * The variables of an image, in their order. Entries of a base image that are no `NAME=value` stay as they are. Setting
 * and looking up cost the same however many there are.
 */
export class Variables {
  readonly #entries: string[];
  /**
   * Where the entries of a name are. A base image may have the same name twice: as in BuildKit the last one is read, and the
   * first one set.
   */
  readonly #places = new Map<string, number[]>();

  constructor(entries: readonly string[]) {
    this.#entries = [...entries];
    for (const [at, entry] of this.#entries.entries()) this.#place(nameOf(entry), at);
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  get(name: string): string | undefined {
    const at = this.#places.get(name)?.at(-1);
    return at === undefined ? undefined : this.#entries[at]!.slice(name.length + 1);
  }

  /** Sets a variable, in place where it already exists. */
  set(name: string, value: string): void {
    if (!this.#places.has(name)) this.#place(name, this.#entries.push('') - 1);
    const [first = 0] = this.#places.get(name)!;
    this.#entries[first] = `${name}=${value}`;
  }

  #place(name: string | undefined, at: number): void {
    if (name === undefined) return;
    const places = this.#places.get(name);
    if (places) places.push(at);
    else this.#places.set(name, [at]);
  }
}

/** Undefined for an entry without an equals sign, which is no variable. */
function nameOf(entry: string): string | undefined {
  const equals = entry.indexOf('=');
  return equals < 0 ? undefined : entry.slice(0, equals);
}
