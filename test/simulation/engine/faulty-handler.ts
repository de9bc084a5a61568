import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import { isMutating } from '../../local/aws/calls';
import type { SdkHandler } from '../../local/aws/handler';
import type { CallFact } from '../history';
import { type FaultKind, type FaultsSpec, latestEffect, stalest } from '../spec';
import { type Random, randomFrom } from './random';
import type { VirtualTime } from './virtual-time';
import { callOf, failureOf, textOf, withoutFields } from './wire';

type Request = Parameters<SdkHandler['handle']>[0];
type Options = Parameters<SdkHandler['handle']>[1];
type Answer = { readonly response: HttpResponse };

/** The world behind the handler, as far as its records of calls need it. */
export interface FaultyWorld {
  readonly time: VirtualTime;
  readonly aws: SdkHandler;
  /** Ids of all deployments and revisions so far, for telling what a call has made. */
  made(): readonly string[];
  /** What AWS answered last, by call and input; all runs see the same copies. */
  readonly copies: Map<string, { readonly at: number; readonly body: Buffer }>;
}

export interface FaultyRun {
  readonly startedAt: number;
  readonly faults: FaultsSpec;
  readonly latency: number;
  readonly expiresAt: number | undefined;
  record(call: CallFact): void;
  /** How many calls of this name it has made, this one included. */
  countOf(call: string): number;
  /** Hears of each call before it is carried out. */
  onCall?(call: string): void;
}

/** Answers the SDK as an AWS that has bad days. */
export function faultyHandler(world: FaultyWorld, run: FaultyRun): SdkHandler {
  const random = randomFrom(run.faults.seed);
  return {
    handle: (request, options) => new FaultyCall(world, run, random, request, options as Signalled).answer(),
  };
}

type Signalled = (Options & { readonly abortSignal?: AbortSignal }) | undefined;

class FaultyCall {
  readonly #call;
  readonly #isQuery: boolean;
  readonly #fact: { -readonly [K in keyof CallFact]: CallFact[K] };

  constructor(
    readonly world: FaultyWorld,
    readonly run: FaultyRun,
    readonly random: Random,
    readonly request: Request,
    readonly options: Signalled,
  ) {
    const { call, isQuery, deployment } = callOf(request);
    this.#call = call;
    this.#isQuery = isQuery;
    const mutating = isMutating(call.replace(/^.*:/, ''));
    this.#fact = {
      at: world.time.clock.now(),
      call,
      mutating,
      fault: undefined,
      doneAt: undefined,
      deployment,
      made: [],
    };
  }

  async answer(): Promise<Answer> {
    const { world, run } = this;
    world.time.stir();
    run.record(this.#fact);
    run.onCall?.(this.#call);
    if (run.latency > 0) await this.#wait(this.random.whole(1, run.latency));
    const refusal = this.#refusal();
    const kind = refusal ? undefined : this.#faultNow();
    this.#fact.fault = refusal?.name ?? kind;
    if (refusal) return respond(refusal.status, refusal.body, refusal.type, this.world.time.clock.date());
    const answer = await this.#under(kind);
    world.time.stir();
    return answer;
  }

  #refusal() {
    const { run, world } = this;
    const { expiresAt, faults } = run;
    if (expiresAt !== undefined && world.time.clock.now() >= run.startedAt + expiresAt) {
      return { name: 'expired', ...failureOf('expired', this.#call, this.#isQuery) };
    }
    const apart = Math.abs(sentAt(this.request) - world.time.clock.now());
    if (apart > widestSkew) return { name: 'skewed', ...failureOf('skewed', this.#call, this.#isQuery) };
    if (faults.refused.includes(this.#call))
      return { name: 'denied', ...failureOf('denied', this.#call, this.#isQuery) };
    return undefined;
  }

  #faultNow(): FaultKind | undefined {
    const { rate, kinds, outage, exact } = this.run.faults;
    const nth = this.run.countOf(this.#call);
    const due = exact.find((one) => one.call === this.#call && one.nth === nth);
    if (due) return due.kind;
    const since = this.world.time.clock.now() - this.run.startedAt;
    if (outage && since >= outage.from && since < outage.to) return outage.kind;
    return kinds.length > 0 && this.random.chance(rate) ? this.random.pick(kinds) : undefined;
  }

  async #under(kind: FaultKind | undefined): Promise<Answer> {
    switch (kind) {
      case undefined:
        return this.#perform();
      case 'throttle':
      case 'unavailable':
      case 'html': {
        const { status, body, type } = failureOf(kind, this.#call, this.#isQuery);
        return respond(status, body, type);
      }
      case 'reset-before':
        throw reset();
      case 'reset-after':
        await this.#perform();
        throw reset();
      case 'late-effect':
        this.world.time.after(this.random.whole(1, latestEffect), () => void this.#perform());
        throw reset();
      case 'hang-before':
        return this.#hang();
      case 'hang-after':
        await this.#perform();
        return this.#hang();
      case 'stalled-body':
        return this.#changed((body) => stalling(body.subarray(0, body.length >> 1)));
      case 'cut-json':
        return this.#changed((body) => body.subarray(0, body.length >> 1));
      case 'empty-json':
        return this.#changed(() => Buffer.from(this.#isQuery ? `<${this.#call.replace(/^.*:/, '')}Response/>` : '{}'));
      case 'missing-fields':
        return this.#changed((body) => (this.#isQuery ? body : withoutFields(body, this.random)));
      case 'stale':
        return this.#stale();
    }
  }

  async #perform(): Promise<Answer> {
    const { world, request } = this;
    const { mutating } = this.#fact;
    const before = mutating ? new Set(world.made()) : undefined;
    const answer = await world.aws.handle(request);
    const { statusCode, body } = answer.response as { statusCode: number; body: Buffer };
    if (statusCode !== 200) return answer;
    this.#fact.doneAt = world.time.clock.now();
    if (before) this.#fact.made = world.made().filter((id) => !before.has(id));
    else world.copies.set(this.#key(), { at: world.time.clock.now(), body });
    return answer;
  }

  /** The body of an answer that went well is replaced; AWS has done what was asked. */
  async #changed(change: (body: Buffer) => Buffer | Readable): Promise<Answer> {
    const answer = await this.#perform();
    const { statusCode, headers, body } = answer.response as HttpResponse & { body: Buffer };
    return statusCode === 200 ? { response: new HttpResponse({ statusCode, headers, body: change(body) }) } : answer;
  }

  /** A copy of AWS that lags behind answers what was so some seconds ago. */
  async #stale(): Promise<Answer> {
    const copy = this.world.copies.get(this.#key());
    const isYoung = copy && this.world.time.clock.now() - copy.at <= stalest;
    if (this.#fact.mutating || !isYoung) return this.#perform();
    return respond(200, copy.body, this.#isQuery ? 'text/xml' : undefined);
  }

  #key = () => `${this.#call} ${textOf(this.request.body)}`;

  #hang(): Promise<never> {
    const { abortSignal } = this.options ?? {};
    return new Promise((_, reject) => {
      const leave = () => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
      if (abortSignal?.aborted) leave();
      abortSignal?.addEventListener('abort', leave, { once: true });
    });
  }

  #wait(ms: number): Promise<void> {
    return this.world.time.sleep(ms, this.options?.abortSignal);
  }
}

const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });

function respond(statusCode: number, body: string | Buffer, type = 'application/x-amz-json-1.1', at?: Date): Answer {
  const headers = { 'content-type': type, ...(at && { date: at.toUTCString() }) };
  return { response: new HttpResponse({ statusCode, headers, body: Buffer.from(body) }) };
}

/** AWS takes no request whose time differs from its own by more than five minutes. */
const widestSkew = 5 * 60_000;

/** The time that a request was signed with. */
const sentAt = ({ headers }: Request) =>
  Date.parse((headers['x-amz-date'] ?? '').replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) || 0;

/** A body of which only the begin ever comes. */
const stalling = (begin: Buffer) => {
  const body = new Readable({ read() {} });
  body.push(begin);
  return body;
};
