/** The units or MiB that a size says: `256`, `.25 vCPU`, `512`, `0.5 GB`. `factor` is that of the larger unit. */
export function unitsOf(text: string, factor: number, unit: RegExp): number {
  const plain = text.trim();
  return unit.test(plain) ? Number(plain.replace(unit, '').trim()) * factor : Number(plain);
}
