/** A reference such as `${Build.IMAGE}`, `${Group.Build.IMAGE}`, `${WorkflowSource.CommitId}` or `${Secrets.X}`. */
export interface Reference {
  /** As written, with its braces. */
  readonly written: string;
  /** What stands before the last dot. */
  readonly owner: string;
  readonly name: string;
}

const pattern = /\$\{([A-Za-z0-9_.-]+)\.([A-Za-z0-9_-]+)\}/g;

/** The references in a text, in their order. `${NAME}` without a dot is not one: a step's shell expands it. */
export const referencesIn = (text: string): Reference[] =>
  [...text.matchAll(pattern)].map(([written, owner, name]) => ({ written, owner: owner!, name: name! }));

/** The text with every reference replaced. */
export function fillReferences(text: string, fill: (reference: Reference) => string): string {
  return text.replace(pattern, (written, owner: string, name: string) => fill({ written, owner, name }));
}

/** What a workflow may read of its source. */
export const sourceVariables = ['CommitId', 'BranchName'] as const;

/**
 * The id of the action that a reference means. Inside a group, the other actions of the group may be named without it.
 */
export function ownerId(owner: string, group: string | undefined, ids: readonly string[]): string | undefined {
  return [owner, group && `${group}.${owner}`].find((id) => id !== undefined && ids.includes(id));
}
