/** Why ECS refuses to register, in its words; undefined or false where it does not. */
export type Refusal = string | false | undefined;

/** ECS answers with one refusal at a time. */
export const first = (...refusals: readonly Refusal[]): string | undefined =>
  refusals.find((refusal): refusal is string => typeof refusal === 'string');
