/** A request of one of the AWS protocols, whether it came over HTTP or from a client in the same process. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What becomes of a request: an answer, a connection that is cut, or silence. */
export type WireOutcome = WireAnswer | 'dropped' | 'hung';
