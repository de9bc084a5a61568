import type { Node as Parsed, ParseError } from 'jsonc-parser';
import { type Finding, InputError, refuse } from '../errors';
import { quoted } from '../excerpt';
import { templateAt } from './placeholder';
import { deepest, eachOnce, type Field, type Node, type OnTwice, placesIn } from './tree';

type Jsonc = typeof import('jsonc-parser');

/** What the parser's codes mean. */
const problems: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that is not a JSON value; strings go in double quotes',
  InvalidNumberFormat: 'a number that JSON does not allow',
  PropertyNameExpected: 'the name of a field in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'the file should end here; more follows its first value',
  UnexpectedEndOfComment: 'a comment that is never closed',
  UnexpectedEndOfString: 'a string that is never closed',
  InvalidUnicode: 'a \\u escape without four hex digits',
  InvalidEscapeCharacter: 'an escape that JSON does not have',
  InvalidCharacter: 'a control character; write it as \\n, \\t or \\u…',
};

/** Takes JSON apart; comments and trailing commas are allowed. @throws InputError */
export function readJson(text: string, name: string, onTwice: OnTwice): Node {
  // Loaded here: most files need no other reader than the runtime's.
  const jsonc = require('jsonc-parser') as Jsonc;
  const place = placesIn(text);
  const at = (offset: number, problem: string): Finding => {
    const { line, column } = place(offset);
    return { where: `${name}:${line}:${column}`, problem };
  };
  const deep = tooDeepAt(text, jsonc);
  if (deep !== undefined) throw new InputError([at(deep, `is nested more than ${deepest} levels deep`)]);
  const found: ParseError[] = [];
  const tree = jsonc.parseTree(text, found, { allowTrailingComma: true });
  const [first] = found;
  if (first || !tree) {
    const code = first ? jsonc.printParseErrorCode(first.error) : 'ValueExpected';
    // What follows the first mistake is most often its echo.
    // A page of HTML begins with what looks like a placeholder.
    const template = /^\s*[[{]/.test(text) ? templateAt(text, first?.offset ?? 0) : undefined;
    refuse([at(first?.offset ?? 0, template ?? `is not JSON: ${problems[code] ?? code}`)]);
  }
  let told = 0;
  return toNode(tree!, (offset, field) => {
    if (told++ < mostTold) onTwice(at(offset, `the field ${quoted(field)} appears twice; the last one wins`));
  });
}

/** Nobody reads more findings of one file. */
const mostTold = 100;

/** Where the text is nested too deeply; the parser recurses, so this is looked at before. */
function tooDeepAt(text: string, { createScanner }: Jsonc): number | undefined {
  const scanner = createScanner(text, true);
  let open = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') open++;
    if (first === '}' || first === ']') open--;
    if (open > deepest + 1) return scanner.getTokenOffset();
  }
  return undefined;
}

type Twice = (offset: number, field: string) => void;

function toNode(parsed: Parsed, twice: Twice): Node {
  const children = parsed.children ?? [];
  if (parsed.type === 'object') {
    const fields = eachOnce(toFields(children, twice), ({ at, name }) => twice(at, name));
    return { kind: 'object', at: parsed.offset, fields };
  }
  if (parsed.type === 'array') {
    return { kind: 'list', at: parsed.offset, items: children.map((child) => toNode(child, twice)) };
  }
  return { kind: 'scalar', at: parsed.offset, value: parsed.value as string | number | boolean | null };
}

function toFields(properties: readonly Parsed[], twice: Twice): Field[] {
  return properties.map(({ children }) => {
    const [key, value] = children as [Parsed, Parsed];
    return { name: key.value as string, at: key.offset, value: toNode(value, twice) };
  });
}
