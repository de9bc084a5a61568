import type { Killable } from '../../support/process';
import type { SignalSpec } from '../spec';
import type { VirtualTime } from './virtual-time';

/** Sends a run its signals: a second one after 7.5 seconds, and the end of everything 2.5 seconds later, as GitHub does. */
export class Signaller {
  #life: Killable | undefined;
  #isOver = false;
  #isArmed = false;
  readonly #cancels: (() => void)[] = [];

  constructor(
    readonly time: VirtualTime,
    readonly spec: SignalSpec | undefined,
    readonly note: (name: SignalSpec['name']) => void,
  ) {}

  start(life: Killable): void {
    this.#life = life;
    if (this.spec && this.spec.call === undefined) this.#arm(this.spec);
  }

  /** Hears of each call that the run makes. */
  hear(call: string): void {
    if (this.spec && this.spec.call === call) this.#arm(this.spec);
  }

  end(): void {
    this.#isOver = true;
    for (const cancel of this.#cancels) cancel();
  }

  #arm({ name, at }: SignalSpec): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#send(name, at);
    if (name === 'SIGKILL') return;
    this.#send('SIGTERM', at + 7_500);
    this.#send('SIGKILL', at + 10_000);
  }

  #send(name: SignalSpec['name'], at: number): void {
    const send = () => {
      if (this.#isOver) return;
      this.note(name);
      this.#life?.kill(name);
    };
    this.#cancels.push(this.time.after(at, send));
  }
}
