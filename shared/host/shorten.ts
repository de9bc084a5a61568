/** A clause that says where to look or what to type: of no use in part, and of none to who does not know what failed. */
const pointer = /https?:\/\/|\baws [a-z-]+ [a-z-]+ --|\bgit |\bnpm /;

/** What parts the clauses of an error: `cannot <verb> <thing>: <why>; <what to do>`. */
const between = '; ';

const dots = '...';

/**
 * A one-line message in no more than `length` characters, the cause first. What only points elsewhere, a link or a command,
 * stays whole or is left out; what is left is cut between two words.
 */
export function shorten(message: string, length: number): string {
  if (message.length <= length) return message;
  const clauses = message.split(between);
  const isKept = clauses.map((clause) => !pointer.test(clause));
  const kept = () => clauses.filter((_, at) => isKept[at]).join(between);
  // A message that is one clause keeps its beginning, whatever that is.
  if (!isKept[0]) isKept[0] = true;
  for (const [at] of clauses.entries()) {
    if (isKept[at]) continue;
    isKept[at] = true;
    if (kept().length > length) isKept[at] = false;
  }
  return cutBetweenWords(kept(), length);
}

/** Characters of a word that is cut rather than left out: the cause may be one endless word. */
const longWord = 40;

function cutBetweenWords(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = text.slice(0, length - dots.length);
  const [partial = ''] = text[room.length] === ' ' ? [] : (/\s+\S*$/.exec(room) ?? []);
  const isCut = partial.length === room.length || (partial.length > longWord && !partial.includes('://'));
  const words = isCut ? room : room.slice(0, room.length - partial.length);
  // Half of a surrogate pair is not a character.
  return `${words.replace(/[\ud800-\udbff]$/, '').replace(/\s*[,;:(]?\s*$/, '')}${dots}`;
}
