/** What AWS answers and takes beyond what the bundled SDK knows: the SDK drops it without a word. */

interface Stack {
  add(
    middleware: unknown,
    options: { step: 'deserialize' | 'build'; name: string; priority: 'low' | 'high'; override: true },
  ): void;
  remove(name: string): boolean;
}

interface Result {
  readonly response: { body: Uint8Array | AsyncIterable<Uint8Array> };
  readonly output: object;
}

type Next<T> = (args: T) => Promise<Result>;

/** The texts of answers, by the answers that the SDK made of them. */
const texts = new WeakMap<object, string>();
const kept = new WeakSet<object>();

/** Keeps the texts of a client's answers. Two calls at once do not mix: a text goes with its response. */
function keepTexts(client: object): void {
  if (kept.has(client)) return;
  kept.add(client);
  const { middlewareStack } = client as { middlewareStack: Stack };
  const bodies = new WeakMap<object, string>();
  const keepBody = (next: Next<unknown>) => async (args: unknown) => {
    const result = await next(args);
    const bytes = await bytesOf(result.response.body);
    result.response.body = bytes;
    bodies.set(result.response, bytes.toString('utf8'));
    return result;
  };
  const keepText = (next: Next<unknown>) => async (args: unknown) => {
    const result = await next(args);
    texts.set(result.output, bodies.get(result.response) ?? '');
    return result;
  };
  // Nearest to the connection, so that the body is seen before it is read; farthest, so that the answer is there.
  middlewareStack.add(keepBody, { step: 'deserialize', name: 'keepBody', priority: 'low', override: true });
  middlewareStack.add(keepText, { step: 'deserialize', name: 'keepText', priority: 'high', override: true });
}

/** An answer as the SDK has it, and as AWS gave it. */
export interface WholeAnswer<T> {
  readonly answer: T;
  /** The JSON of AWS, with the fields that the SDK does not know. */
  readonly whole: Readonly<Record<string, unknown>>;
}

/**
 * Makes a call of a JSON protocol and gives, beside its answer, all that AWS has told.
 *
 * @throws what the call throws
 */
export async function withWhole<T extends object>(client: object, call: () => Promise<T>): Promise<WholeAnswer<T>> {
  keepTexts(client);
  const answer = await call();
  const whole: unknown = JSON.parse(texts.get(answer) || '{}');
  return { answer, whole: (whole ?? {}) as WholeAnswer<T>['whole'] };
}

interface Sending {
  readonly request: { body: unknown; readonly headers: Record<string, string> };
}

/**
 * Makes a call of a JSON protocol whose body is the input as it stands, with the fields that the SDK does not know.
 * `command` is the name of the call, such as `RegisterTaskDefinition`; other calls of the client are left alone.
 *
 * @throws what the call throws
 */
export async function sendWhole<T>(client: object, command: string, input: object, call: () => Promise<T>): Promise<T> {
  const { middlewareStack } = client as { middlewareStack: Stack };
  const body = Buffer.from(JSON.stringify(input));
  const name = `sendWhole${command}`;
  const replacing = (next: Next<Sending>, context: { commandName?: string }) => async (args: Sending) => {
    if (context.commandName === `${command}Command`) {
      args.request.body = body;
      args.request.headers['content-length'] = String(body.length);
    }
    return next(args);
  };
  // After the serializer, before the request is signed.
  middlewareStack.add(replacing, { step: 'build', name, priority: 'high', override: true });
  try {
    return await call();
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
