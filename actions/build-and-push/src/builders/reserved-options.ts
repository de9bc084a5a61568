import type { Finding } from '../../../../shared/errors';

/** Options of builders that the action sets by itself, and where a user sets them instead. */
const ours: Readonly<Record<string, string>> = {
  '--tag': 'tags',
  '-t': 'tags',
  '--file': 'dockerfile',
  '-f': 'dockerfile',
  '--target': 'target',
  '--platform': 'platforms',
  '--provenance': 'provenance',
  '--push': 'push',
  '--load': 'push',
  '--output': 'push',
  '-o': 'push',
  '--secret': 'secret-envs and secret-files',
  '--iidfile': 'image-digest, an output',
  '--metadata-file': 'image-digest, an output',
  '--digestfile': 'image-digest, an output',
  '--manifest': 'platforms',
  '--builder': 'the environment variable BUILDX_BUILDER',
};

/** Refuses the options that would fight with the action's own. */
export function checkOptions(options: readonly string[]): Finding[] {
  return options.flatMap((word) => {
    const name = word.startsWith('--') ? word.split('=')[0]! : word.replace(/^-q*(.).*$/s, '-$1');
    const input = ours[name];
    return input ? [{ where: 'build-options', problem: `must not have ${name}: use ${input}` }] : [];
  });
}
