/**
 * Whether an excluded folder may hold an exception of .dockerignore, so that it must be looked through. A rule without
 * wildcards says where; others may match anywhere. Source: moby/patternmatcher, and the filter of tonistiigi/fsutil.
 */
export function exceptionsBelow(rules: string): (folder: string) => boolean {
  const exceptions = rules
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1).trim());
  if (exceptions.some((pattern) => /[*?[\\]/.test(pattern))) return () => true;
  const above = new Set<string>();
  for (const pattern of exceptions) {
    const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
    // A path with dots in it may lead anywhere.
    if (parts.includes('..')) return () => true;
    let path = '';
    for (const part of parts) {
      path = path ? `${path}/${part}` : part;
      above.add(path);
    }
  }
  return (folder) => above.has(folder);
}
