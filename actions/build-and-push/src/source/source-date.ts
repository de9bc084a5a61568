/** The time of all files and of the image: SOURCE_DATE_EPOCH (reproducible-builds.org), else the epoch itself. */
export function sourceDate(env: Readonly<NodeJS.ProcessEnv>): number {
  const given = env['SOURCE_DATE_EPOCH'] ?? '';
  return /^\d{1,11}$/.test(given) ? Number(given) : 0;
}
