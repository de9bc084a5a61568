/**
 * Wrong results that are known and not mended yet, by their seeds, each with the rule that is broken; `crash` where a world does not
 * come to its end. They are told with every run, and do not fail it: all others do.
 */
export const open: Readonly<Record<number, { readonly rule: string; readonly what: string }>> = {
  845: {
    rule: 'noSecond',
    what: 'while a plan stalls for 100 seconds, the same deployment of another run ends, and a second one is made',
  },
  1263: { rule: 'crash', what: 'the world stands still; why is not known yet' },
};
