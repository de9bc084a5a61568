import type { Feature } from './features';

/**
 * Inputs of docker/build-push-action whose values each become one option of the builder, and what it must be able to do for
 * that. Those of caches are not here: what they need depends on their kind.
 */
export const engineOptions = {
  'no-cache-filters': { option: '--no-cache-filter', feature: 'cache filters' },
  'build-contexts': { option: '--build-context', feature: 'build contexts' },
  attests: { option: '--attest', feature: 'attestations' },
  annotations: { option: '--annotation', feature: 'annotations' },
  ssh: { option: '--ssh', feature: 'ssh' },
  allow: { option: '--allow', feature: 'entitlements' },
  'add-hosts': { option: '--add-host', feature: 'settings of commands' },
  network: { option: '--network', feature: 'settings of commands' },
  'cgroup-parent': { option: '--cgroup-parent', feature: 'settings of commands' },
  'shm-size': { option: '--shm-size', feature: 'settings of commands' },
  ulimit: { option: '--ulimit', feature: 'settings of commands' },
} as const satisfies Record<string, { readonly option: string; readonly feature: Feature }>;

export type EngineOption = keyof typeof engineOptions;

export const engineOptionNames = Object.keys(engineOptions) as EngineOption[];

/** The values of those inputs, by their names. */
export type EngineSettings = Readonly<Partial<Record<EngineOption, readonly string[]>>>;

/** The words of the settings for a command line. */
export const engineArgs = (settings: EngineSettings, names: readonly EngineOption[] = engineOptionNames): string[] =>
  names.flatMap((name) => (settings[name] ?? []).flatMap((value) => [engineOptions[name].option, value]));
