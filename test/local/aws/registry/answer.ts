import type { Readable } from 'node:stream';

/** What the registry answers. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | Readable;
  /** The code of the error, where it is one. */
  readonly code?: string;
}

/** An error of the distribution protocol: `{errors: [{code, message}]}`. */
export class RegistryRefusal extends Error {
  override readonly name = 'RegistryRefusal';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function answerRefusal({ status, code, message, headers }: RegistryRefusal): RegistryAnswer {
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message }] }));
  return { status, code, body, headers: { 'content-type': 'application/json', ...headers } };
}
