/** Machine code that ends with status 0 on Linux, by Node's name of the processor: exit is call 60 here, 93 there. */
const codes: Readonly<Record<string, { readonly machine: number; readonly code: string }>> = {
  // xor edi, edi; mov eax, 60; syscall
  x64: { machine: 62, code: '31ffb83c0000000f05' },
  // mov x0, 0; mov x8, 93; svc 0
  arm64: { machine: 183, code: '000080d2a80b80d2010000d4' },
};

const address = 0x400000n;
const headers = 120;

/**
 * The smallest program that does nothing and does it well: an ELF file of one segment. With it a RUN can be tried where no
 * base image is at hand. Undefined for a processor that is not known here. Source of the layout: elf(5).
 */
export function emptyProgram(processor: string): Buffer | undefined {
  const known = codes[processor];
  if (!known) return undefined;
  const code = Buffer.from(known.code, 'hex');
  const size = BigInt(headers + code.length);
  const file = Buffer.alloc(headers);
  file.write('7f454c46020101', 'hex');
  file.writeUInt16LE(2, 16); // an executable
  file.writeUInt16LE(known.machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(address + BigInt(headers), 24); // where it begins
  file.writeBigUInt64LE(64n, 32); // where its only program header is
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64); // to be loaded
  file.writeUInt32LE(5, 68); // to be read and executed
  file.writeBigUInt64LE(address, 80);
  file.writeBigUInt64LE(address, 88);
  file.writeBigUInt64LE(size, 96);
  file.writeBigUInt64LE(size, 104);
  file.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([file, code]);
}
