/**
 * Wrong results that are known and not fixed yet, by their seeds, each with the rule that is broken; `crash` where a world does not
 * come to its end. They are told with every run, and do not fail it: all others do.
 */
export const open: Readonly<Record<number, { readonly rule: string; readonly what: string }>> = {};
