import { fstatSync, statSync, writeSync } from 'node:fs';

/** Standard output or standard error. */
export interface Output {
  /** Writes the text whole before it returns. Nothing is thrown: a reader may leave (`| head`) while the action works on. */
  write(text: string): void;
  readonly isTTY: boolean;
  /** Why a text could not be written, once that has happened; a reader that has left does not count. */
  lost(): Error | undefined;
}

/** Loading `process.stdout` takes Node longer than all that most runs write, so the descriptors are written to. */
export function outputTo(descriptor: 1 | 2): Output {
  let isOpen = true;
  let lost: NodeJS.ErrnoException | undefined;
  return {
    write(text) {
      if (!isOpen) return;
      try {
        writeWhole(descriptor, text);
      } catch (error) {
        isOpen = false;
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') lost = error as NodeJS.ErrnoException;
      }
    },
    isTTY: isTerminal(descriptor),
    lost: () => lost,
  };
}

/** Milliseconds until a reader that is slow is tried again. */
const pause = 5;

function writeWhole(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // A pipe that does not block, and is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

function isTerminal(descriptor: number): boolean {
  const facts = fstatSync(descriptor);
  if (!facts.isCharacterDevice() || facts.rdev === nullDevice()) return false;
  // Loaded for a device only: the module that tells takes Node longer than all that a run writes.
  return (require('node:tty') as typeof import('node:tty')).isatty(descriptor);
}

/** The number of the null device; undefined where there is none. */
const nullDevice = () => statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
