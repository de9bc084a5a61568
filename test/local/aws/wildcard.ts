/** Whether a text has the form of a pattern in which a star stands for any text. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const literals = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`).test(text);
}
