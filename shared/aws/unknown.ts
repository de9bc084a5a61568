/** What AWS answers beyond what the bundled SDK knows: the SDK drops it without a word. */

interface Stack {
  add(middleware: unknown, options: { step: 'deserialize'; name: string; priority: 'low'; override: true }): void;
  remove(name: string): boolean;
}

interface Result {
  readonly response: { body: Uint8Array | AsyncIterable<Uint8Array> };
}

/**
 * Makes a call of a JSON protocol and tells, beside its answer, the fields that the SDK left out of it, as paths such as
 * `taskDefinition.containerDefinitions[0].newField`.
 *
 * @throws what the call throws
 */
export async function withUnknown<T extends object>(
  client: object,
  call: () => Promise<T>,
): Promise<{ readonly answer: T; readonly unknown: readonly string[] }> {
  const { middlewareStack } = client as { middlewareStack: Stack };
  const name = 'keepTheBody';
  let text = '';
  const keeping = (next: (args: unknown) => Promise<Result>) => async (args: unknown) => {
    const result = await next(args);
    const bytes = await bytesOf(result.response.body);
    result.response.body = bytes;
    text = bytes.toString('utf8');
    return result;
  };
  // Nearest to the connection, so that the body is seen before it is read.
  middlewareStack.add(keeping, { step: 'deserialize', name, priority: 'low', override: true });
  try {
    const answer = await call();
    return { answer, unknown: leftOut(JSON.parse(text), answer, '') };
  } finally {
    middlewareStack.remove(name);
  }
}

async function bytesOf(body: Result['response']['body']): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The members of JSON that another value does not have. */
function leftOut(whole: unknown, part: unknown, path: string): string[] {
  if (Array.isArray(whole)) {
    const parts = Array.isArray(part) ? part : [];
    return whole.flatMap((item, at) => leftOut(item, parts[at], `${path}[${at}]`));
  }
  if (typeof whole !== 'object' || whole === null || typeof part !== 'object' || part === null) return [];
  return Object.entries(whole).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (value === null) return [];
    return Object.hasOwn(part, key) ? leftOut(value, (part as Record<string, unknown>)[key], here) : [here];
  });
}
