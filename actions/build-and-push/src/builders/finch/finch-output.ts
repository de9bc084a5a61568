/** What finch says. */

/** `finch info --format '{{json .}}'`: the version of the containerd behind it. */
export function parseInfo(line: string): string | undefined {
  try {
    return (JSON.parse(line) as { ServerVersion?: string }).ServerVersion;
  } catch {
    return undefined;
  }
}

/** The digest that a push shows: of the index where there is one, else of the manifest. */
export function pushedDigest(lines: readonly string[]): string | undefined {
  const digestOf = (kind: string) =>
    lines.map((line) => new RegExp(`^\\s*${kind}-(sha256:[0-9a-f]{64}):`).exec(line)?.[1]).find(Boolean);
  return digestOf('index') ?? digestOf('manifest');
}
