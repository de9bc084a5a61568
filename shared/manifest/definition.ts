import type { InputType } from './types';

/** What starts an action. */
export type HostName = 'codecatalyst' | 'github' | 'shell';

/** The names of the hosts in texts. */
export const hostLabels: Readonly<Record<HostName, string>> = {
  codecatalyst: 'CodeCatalyst',
  github: 'GitHub',
  shell: 'shell',
};

/** Where CodeCatalyst's limit of 20 inputs and 10 outputs does not apply. */
export const outsideCodeCatalyst: readonly HostName[] = ['github', 'shell'];

/** One input of an action: everything the manifests, the tables, the help and the parser know of it. */
export interface Input<T, Required extends boolean = boolean> {
  readonly type: InputType<T>;
  readonly description: string;
  readonly required: Required;
  /** Sent by hosts as if the user had set it; computed defaults are described in `description` instead. */
  readonly default?: T & (string | number | boolean);
  /** The heading under which the reader finds it. */
  readonly group: string;
  /** Values are masked wherever they would be shown. */
  readonly secret?: boolean;
  /** The hosts that offer it; all of them where this is left out. */
  readonly hosts?: readonly HostName[];
  /**
   * Inputs that may replace a required one; a flag does so by being true, or by the value that is given with it, as in
   * `push: false`. Not on CodeCatalyst, which insists on what its manifest requires.
   */
  readonly alternatives?: readonly string[];
}

/** An output that some hosts only offer. */
export interface HostOutput {
  readonly description: string;
  readonly hosts: readonly HostName[];
}

/** An input of an action that teams come from, which this one does not have. */
export interface Refusal {
  /** Why it does not exist and what to do instead, to be read behind its name. */
  readonly reason: string;
  /** Values, in lower case, that ask for nothing: given one of these, the action runs. */
  readonly harmless?: readonly string[];
}

export interface ActionDefinition<
  Inputs extends Record<string, Input<unknown>> = Record<string, Input<unknown>>,
  Output extends string = string,
> {
  /** The folder and the published name, such as `build-and-push`. */
  readonly name: string;
  /** The name that a person reads in a catalogue. */
  readonly displayName: string;
  readonly description: string;
  readonly inputs: Inputs;
  readonly outputs: Record<Output, string | HostOutput>;
  /** What a user may type behind the name of the action, for its help. */
  readonly examples?: readonly string[];
  /** Inputs of other actions that are refused by name, as ignoring one could change what is deployed. */
  readonly refused?: Readonly<Record<string, Refusal>>;
  readonly compute: readonly ('EC2' | 'LAMBDA')[];
  /** Which of the workflow's parts the action needs. */
  readonly needs: { readonly source: boolean; readonly account: boolean };
}

/** Lets the compiler derive the types of the inputs and the names of the outputs from the definition. */
export function defineAction<const Inputs extends Record<string, Input<unknown>>, const Output extends string>(
  definition: ActionDefinition<Inputs, Output>,
): ActionDefinition<Inputs, Output> {
  return definition;
}

type Options<T> = Omit<Input<T>, 'type' | 'required' | 'default'>;

/** An input that must be given. */
export const required = <T>(type: InputType<T>, options: Options<T>): Input<T, true> => ({
  ...options,
  type,
  required: true,
});

/** An input that may be left out; `undefined` then. */
export const optional = <T>(type: InputType<T>, options: Options<T>): Input<T, false> => ({
  ...options,
  type,
  required: false,
});

/** An input with a default; what it holds is always a value, so its parsed type is as of a required one. */
export function defaulted<T extends string | number | boolean>(
  type: InputType<T>,
  value: NoInfer<T>,
  options: Options<T>,
): Input<T, false> & { readonly default: T } {
  return { ...options, type, required: false, default: value as T & (string | number | boolean) } as Input<T, false> & {
    readonly default: T;
  };
}

/** The description of an output. */
export const outputText = (output: string | HostOutput): string =>
  typeof output === 'string' ? output : output.description;

/** Whether an input or output exists on a host. */
export const isOffered = (of: string | Pick<Input<unknown>, 'hosts'> | undefined, host: HostName): boolean =>
  of !== undefined && (typeof of === 'string' || of.hosts === undefined || of.hosts.includes(host));

/** The parts of an alternative: an input, and the only value with which it is one. */
export function readAlternative(alternative: string): { readonly name: string; readonly value?: string } {
  const [name = '', value] = alternative.split(': ');
  return value === undefined ? { name } : { name, value };
}

/** The inputs that may replace a required one on a host. */
export const alternativesOn = (
  host: HostName,
  { inputs }: Pick<ActionDefinition, 'inputs'>,
  { alternatives = [] }: Input<unknown>,
): string[] =>
  host === 'codecatalyst' ? [] : alternatives.filter((one) => isOffered(inputs[readAlternative(one).name], host));

/**
 * The definition as a host offers it: without the inputs and outputs that are for other hosts. An input that another one
 * can replace there is not a required one for the host, which would insist on it.
 */
export function offeredOn(host: HostName, definition: ActionDefinition): ActionDefinition {
  const isHere = ([, of]: [string, string | Pick<Input<unknown>, 'hosts'>]) => isOffered(of, host);
  const hasAlternative = (input: Input<unknown>) => alternativesOn(host, definition, input).length > 0;
  const inputs = Object.entries(definition.inputs)
    .filter(isHere)
    .map(([name, input]) => [name, { ...input, required: input.required && !hasAlternative(input) }]);
  const outputs = Object.entries(definition.outputs).filter(isHere);
  return { ...definition, inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) };
}

type ValueOf<I> = I extends { readonly default: infer D }
  ? D extends undefined
    ? never
    : I extends Input<infer T>
      ? T
      : never
  : I extends Input<infer T, true>
    ? T
    : I extends Input<infer T>
      ? T | undefined
      : never;

/** The parsed inputs of an action, by the names that the user knows. */
export type InputsOf<D> =
  D extends ActionDefinition<infer Inputs, string> ? { readonly [Name in keyof Inputs]: ValueOf<Inputs[Name]> } : never;

/** The outputs that an action may set. */
export type OutputsOf<D> =
  D extends ActionDefinition<infer _, infer Output> ? Partial<Readonly<Record<Output, string>>> : never;
