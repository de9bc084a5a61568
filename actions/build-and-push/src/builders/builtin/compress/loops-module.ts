import type { LoopsModule } from './loops';
import { module } from './loops.generated';

/** Node has it; its types come with those of browsers only. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => LoopsModule };

let compiled: LoopsModule | undefined;

/** The module of `loops.wat`. Threads are given it, so that it is in the bundle, and compiled, once. */
export function loopsModule(): LoopsModule {
  compiled ??= new WebAssembly.Module(Buffer.from(module, 'base64'));
  return compiled;
}
