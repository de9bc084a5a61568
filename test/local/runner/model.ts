import type { Manifest } from './manifest';

/** A workflow file that has been read and found right: its actions in an order in which they can run. */
export interface Workflow {
  readonly name: string;
  readonly actions: readonly Action[];
  /** Whether the actions share one instance, and on it the source with all that they change there. */
  readonly isShared: boolean;
  /** What the file asks for and a run on this machine does without, one line each. */
  readonly notes: readonly string[];
}

export interface Action {
  /** The name in references and messages; `Group.Action` in a group. */
  readonly id: string;
  readonly group: string | undefined;
  readonly place: Place;
  readonly work: Work;
  /** Ids of actions that end before this one starts. */
  readonly dependsOn: readonly string[];
  /** Whether the workflow's source is an input. */
  readonly source: boolean;
  /** Names of the input artifacts. */
  readonly artifacts: readonly Written[];
  readonly variables: readonly Variable[];
  readonly outputArtifacts: readonly OutputArtifact[];
  /** Whether the action has an Environment, and with it the credentials of an account. */
  readonly account: boolean;
  /** Minutes after which the action is ended. */
  readonly timeout: number | undefined;
}

/** What an action does. */
export type Work =
  | {
      readonly kind: 'build';
      /** `aws/build@v1`, or another action that runs steps. */
      readonly identifier: string;
      readonly steps: readonly Written[];
      readonly outputs: readonly string[];
    }
  /** Waits for people on CodeCatalyst. */
  | { readonly kind: 'approval'; readonly identifier: string }
  | { readonly kind: 'program'; readonly manifest: Manifest; readonly configuration: readonly Variable[] };

/** Where in the file something was written. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** A text of the file, its references not yet filled in. */
export interface Written {
  readonly text: string;
  readonly place: Place;
}

export interface Variable extends Written {
  readonly name: string;
}

export interface OutputArtifact {
  readonly name: string;
  /** Globs, relative to the folder of the action's primary input. */
  readonly files: readonly string[];
  readonly place: Place;
}

/** Every text of an action that may hold references. */
export const textsOf = ({ work, variables }: Pick<Action, 'work' | 'variables'>): readonly Written[] => [
  ...variables,
  ...(work.kind === 'build' ? work.steps : work.kind === 'program' ? work.configuration : []),
];

/** The names of the output variables that an action can set. */
export const outputsOf = ({ work }: Action): readonly string[] =>
  work.kind === 'build' ? work.outputs : work.kind === 'program' ? work.manifest.outputs : [];
