/** A failure that the embedded AWS was told to have. Plain data, so that another process can send it. */
export interface Fault {
  /** Which calls: `ecs:DescribeServices`, `ecs:*`, `registry:PUT blobs`, `*`. A star stands for any text. */
  readonly on: string;
  /** Only requests signed with this access key. */
  readonly accessKey?: string;
  /** How many matching calls pass before the first one fails. Default 0. */
  readonly after?: number;
  /** How many calls fail. Default 1. */
  readonly times?: number | 'always';
  readonly effect: FaultEffect;
}

export type FaultEffect =
  | { readonly kind: 'throttle' }
  /** A status outside the protocol, such as the HTML of a load balancer. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string }
  /** The connection is cut before or after the operation took effect. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** No answer. In process the client gives up after `ms` milliseconds of the driven clock, 10,000 by default. */
  | { readonly kind: 'hang'; readonly when?: 'before' | 'after'; readonly ms?: number }
  /** The role may not make the call. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly status?: number }
  /** The registry answers with the digest of something else. */
  | { readonly kind: 'wrong-digest' };

/** One call, as a fault sees it. */
export interface FaultSubject {
  /** `ecs:DescribeServices` */
  readonly call: string;
  readonly accessKey?: string | undefined;
}

/** The faults of an embedded AWS, in the order they were added; the first one that is due takes the call. */
export class Faults {
  #all: { readonly fault: Fault; seen: number }[] = [];

  /** The answer takes it back. */
  add(fault: Fault): () => void {
    const entry = { fault, seen: 0 };
    this.#all.push(entry);
    return () => {
      this.#all = this.#all.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#all = [];
  }

  /** Counts the call, and answers what is to go wrong with it. */
  take(subject: FaultSubject): FaultEffect | undefined {
    const matching = this.#all.filter(({ fault }) => matches(fault, subject));
    for (const entry of matching) entry.seen += 1;
    return matching.find(isDue)?.fault.effect;
  }
}

function isDue({ fault, seen }: { fault: Fault; seen: number }): boolean {
  const { after = 0, times = 1 } = fault;
  return seen > after && (times === 'always' || seen <= after + times);
}

function matches({ on, accessKey }: Fault, subject: FaultSubject): boolean {
  if (accessKey !== undefined && accessKey !== subject.accessKey) return false;
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${on.split('*').map(literal).join('.*')}$`).test(subject.call);
}
