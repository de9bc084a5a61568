import { matchesWildcard } from './wildcard';

/** A failure that the embedded AWS was configured to have. Plain data, so that another process can send it. */
export interface Fault {
  /** Which calls: `ecs:DescribeServices`, `ecs:*`, `registry:PUT blobs`, `*`. A star stands for any text. */
  readonly on: string;
  /** Only requests signed with this access key. */
  readonly accessKey?: string;
  /** It begins with the first call of this name, such as `ecs:UpdateService`, and spares that one. */
  readonly since?: string;
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
  /** The operation takes effect, and what comes back with 200 is something else: by default a JSON that was cut. */
  | { readonly kind: 'garble'; readonly body?: string }
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

interface Entry {
  readonly fault: Fault;
  seen: number;
  hasBegun: boolean;
}

/** The faults of an embedded AWS, in the order they were added; the first one that is due claims the call. */
export class Faults {
  #all: Entry[] = [];

  /** The returned function removes it. */
  add(fault: Fault): () => void {
    const entry = { fault, seen: 0, hasBegun: fault.since === undefined };
    this.#all.push(entry);
    return () => {
      this.#all = this.#all.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#all = [];
  }

  /** Those that were to happen a number of times and have not happened yet. */
  pending(): readonly Fault[] {
    const never = ({ fault: { after = 0, times }, seen }: Entry) => times !== 'always' && seen <= after;
    return this.#all.filter(never).map(({ fault }) => fault);
  }

  /** Counts the call, and returns its fault, if any. Later faults do not count a call that an earlier one has claimed. */
  take(subject: FaultSubject): FaultEffect | undefined {
    const due = this.#all.find(
      (entry) => entry.hasBegun && matches(entry.fault, subject) && isDue(entry, ++entry.seen),
    );
    for (const entry of this.#all) entry.hasBegun ||= matchesWildcard(entry.fault.since ?? '', subject.call);
    return due?.fault.effect;
  }
}

function isDue({ fault: { after = 0, times = 1 } }: { readonly fault: Fault }, seen: number): boolean {
  return seen > after && (times === 'always' || seen <= after + times);
}

function matches({ on, accessKey }: Fault, subject: FaultSubject): boolean {
  if (accessKey !== undefined && accessKey !== subject.accessKey) return false;
  return matchesWildcard(on, subject.call);
}

/** How a protocol writes what faults answer. */
export interface FaultAnswers<A> {
  throttle(): A;
  refuse(): A;
  error(code: string, message: string, status: number): A;
  /** An answer outside the protocol. */
  status(status: number, body: string): A;
  /** Only the registry has digests to get wrong. */
  wrongDigest?(answer: A): A;
}

/** Runs an operation as far as a fault lets it. */
export async function applyFault<A>(
  effect: FaultEffect | undefined,
  answers: FaultAnswers<A>,
  run: () => Promise<A>,
): Promise<A | 'dropped' | 'hung'> {
  switch (effect?.kind) {
    case 'throttle':
    case 'refuse':
      return answers[effect.kind]();
    case 'error':
      return answers.error(effect.code, effect.message, effect.status ?? 400);
    case 'status':
      return answers.status(effect.status, effect.body ?? `<html><body>${effect.status}</body></html>`);
    case 'garble':
      await run();
      return answers.status(200, effect.body ?? '{"deploymentId":"d-');
    case 'drop':
    case 'hang':
      if (effect.when === 'after') await run();
      return effect.kind === 'drop' ? 'dropped' : 'hung';
    case 'wrong-digest':
      return answers.wrongDigest ? answers.wrongDigest(await run()) : run();
    default:
      return run();
  }
}

/** What AWS says to a role without the permission for an action. */
export const deniedWords = (account: string, action: string): string =>
  `User: arn:aws:sts::${account}:assumed-role/workflow/session is not authorized to perform: ${action} on resource: * ` +
  `because no identity-based policy allows the ${action} action`;
