/** The options of a command line, as Node's `parseArgs` has them. */
export type Options = Record<string, { type: 'string' | 'boolean'; short?: string; multiple?: boolean }>;

type Values = Record<string, string | boolean | string[]>;

/**
 * Reads a command line of nothing but known long options with their values, as `parseArgs` does. Undefined where there is
 * anything else, such as a mistake: that parser tells it, and is loaded only then.
 */
export function readPlainly(args: readonly string[], options: Readonly<Options>): Values | undefined {
  const values: Values = {};
  for (let at = 0; at < args.length; at++) {
    const [, name = '', inline] = /^--([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(args[at]!) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option?.type === 'boolean' && inline === undefined) values[name] = true;
    else if (option?.type === 'string') {
      const value = inline ?? args[++at];
      if (value === undefined || (inline === undefined && value.startsWith('-'))) return undefined;
      values[name] = option.multiple ? [...((values[name] as string[] | undefined) ?? []), value] : value;
    } else return undefined;
  }
  return values;
}
