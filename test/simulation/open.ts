/**
 * Wrong results of the product that are known and not mended yet, by their seeds, each with the rule that is broken. They are told with
 * every run, and do not fail it: all others do.
 */
export const open: Readonly<Record<number, { readonly rule: string; readonly what: string }>> = {
  845: {
    rule: 'noSecond',
    what: 'while a plan stalls for 100 seconds, the same deployment of another run ends, and a second one is made',
  },
};
