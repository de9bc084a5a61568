import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fc, tries } from '../../../../support/properties';
import { openWorkshop, type Workshop } from './workshop';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.close());

/** Copies a file of the context, or all of an earlier stage, into a folder. */
type Copy = { readonly file: number; readonly to: number } | { readonly stage: number; readonly to: number };

/** What a stage is made from, the empty image where that is itself, and what is copied into it. */
interface Plan {
  readonly base: number;
  readonly copies: readonly Copy[];
}

const place = fc.nat(1);
const copy = fc.oneof(fc.record({ file: fc.nat(3), to: place }), fc.record({ stage: fc.nat(3), to: place }));
const plans = fc.array(fc.record({ base: fc.nat(2), copies: fc.array(copy, { maxLength: 2 }) }), {
  minLength: 3,
  maxLength: 5,
});

function dockerfileOf(stages: readonly Plan[]): string {
  return stages
    .map(({ base, copies }, at) => {
      const words = copies.flatMap((one) => {
        if ('file' in one) return `COPY f${one.file} /${one.to}/`;
        return one.stage < at ? `COPY --from=s${one.stage} / /${one.to}/` : [];
      });
      return [`FROM ${base < at ? `s${base}` : 'scratch'} AS s${at}`, ...words].join('\n');
    })
    .join('\n');
}

/** The files of each stage, by path, when every stage has a copy of its own from the beginning. */
function filesOf(stages: readonly Plan[]): readonly string[] {
  const all: Set<string>[] = [];
  for (const [at, { base, copies }] of stages.entries()) {
    const files = new Set(base < at ? all[base] : []);
    for (const one of copies) {
      if ('file' in one) files.add(`${one.to}/f${one.file}`);
      else if (one.stage < at) for (const path of all[one.stage]!) files.add(`${one.to}/${path}`);
    }
    all.push(files);
  }
  return [...all[all.length - 1]!].sort();
}

it('gives each stage the files of its base and its own, however stages share a base', async () => {
  const context = Object.fromEntries([0, 1, 2, 3].map((at) => [`f${at}`, String(at)]));
  const property = fc.asyncProperty(plans, async (stages) => {
    const { files } = await workshop.build(dockerfileOf(stages), context);
    const found = files.below('').filter((path) => files.get(path)?.kind === 'file');
    expect(found.sort()).toEqual(filesOf(stages));
  });
  await fc.assert(property, tries(50));
});
