import { matchesWildcard } from './wildcard';

/** A call that something is to happen at. */
export interface CallMoment {
  /** `ecs:UpdateService`, `registry:PUT blobs`; a star stands for any text. */
  readonly call: string;
  /**
   * `arrives`, the default: before anything comes of it. `took effect`: after that, and before it is answered. A call that was
   * refused, or that a fault kept from its effect, such as one that hangs before it, took none.
   */
  readonly when?: CallPhase;
  /** Which of these calls, from 1 on, the default. */
  readonly nth?: number;
  /** Calls that find the world otherwise do not count. */
  readonly if?: () => boolean;
}

export type CallPhase = 'arrives' | 'took effect';

interface Waiting {
  readonly moment: CallMoment;
  readonly act: () => void;
  seen: number;
}

/** Has things happen at calls, each once. */
export class CallMoments {
  #waiting: readonly Waiting[] = [];

  /** Calls back, before the call continues, when the moment has come. The returned function cancels it. */
  at(moment: CallMoment, act: () => void): () => void {
    const waiting = { moment, act, seen: 0 };
    this.#waiting = [...this.#waiting, waiting];
    return () => this.#remove(waiting);
  }

  /** Those that have not come yet. */
  pending(): readonly CallMoment[] {
    return this.#waiting.map(({ moment }) => moment);
  }

  /** Hears of a call. */
  hear(call: string, phase: CallPhase): void {
    for (const waiting of this.#waiting) {
      const { when = 'arrives', nth = 1, call: pattern, if: isMeant = () => true } = waiting.moment;
      if (when !== phase || !matchesWildcard(pattern, call) || !isMeant() || ++waiting.seen < nth) continue;
      this.#remove(waiting);
      waiting.act();
    }
  }

  #remove(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
  }
}
