import { splitWords, type Words } from './shell-split';

/** Reads a JSON array of texts, or words quoted as in a shell. No variable is filled in and nothing is run. */
export function splitCommand(text: string): Words {
  return text.trimStart().startsWith('[') ? readArray(text) : splitWords(text);
}

function readArray(text: string): Words {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return { words };
  } catch {
    // Both mistakes have the same answer.
  }
  return { problem: 'begins with [ but is not a JSON array of strings, such as ["sh", "-c", "node server.js"]' };
}
