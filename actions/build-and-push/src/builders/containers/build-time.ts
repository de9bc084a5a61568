import { dateVariable, sourceDate } from '../../source/source-date';
import type { BuildSpec } from '../builder';

/** The first versions that know `--source-date-epoch` (buildah's `imagebuildah`, which podman contains). */
const knowsDate = { buildah: [1, 41], podman: [5, 6] } as const;

/** The options with which a user sets the time of a build. */
const own = /^--(?:timestamp|source-date-epoch)(?:=|$)/;

/**
 * The words that give all files and the image one time, so that the same files are the same layer, whatever day they are
 * built. Newer versions read SOURCE_DATE_EPOCH themselves and refuse `--timestamp` beside it: where it is a build argument they
 * get that time in their own way, and the variable is kept from them (`withoutDate`).
 */
export function timeArgs(
  name: keyof typeof knowsDate,
  version: string,
  { buildArgs, options }: Pick<BuildSpec, 'buildArgs' | 'options'>,
  env: Readonly<NodeJS.ProcessEnv>,
): string[] {
  if (options.some((word) => own.test(word))) return [];
  const asked = buildArgs[dateVariable];
  const time = String(sourceDate(asked ?? env[dateVariable]));
  if (asked === undefined || !isAtLeast(version, knowsDate[name])) return ['--timestamp', time];
  return ['--source-date-epoch', time, '--rewrite-timestamp'];
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [found = 0, below = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return found > major || (found === major && below >= minor);
}

/** An environment from which a builder takes no time of its own. */
export function withoutDate({ [dateVariable]: _, ...env }: Readonly<NodeJS.ProcessEnv>): Readonly<NodeJS.ProcessEnv> {
  return env;
}
