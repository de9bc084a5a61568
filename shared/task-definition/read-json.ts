import { createScanner, type Node as Parsed, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Finding, InputError, refuse } from '../errors';
import { quoted } from '../excerpt';
import { deepest, type Field, type Node, placesIn } from './tree';

/** What the parser's codes mean. */
const problems: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that is no JSON value; texts stand in double quotes',
  InvalidNumberFormat: 'a number that is not written as JSON asks',
  PropertyNameExpected: 'the name of a field in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'the file should end here; more follows its first value',
  UnexpectedEndOfComment: 'a comment that is never closed',
  UnexpectedEndOfString: 'a text that is never closed',
  InvalidUnicode: 'a \\u escape without four hex digits',
  InvalidEscapeCharacter: 'an escape that JSON does not have',
  InvalidCharacter: 'a control character; write it as \\n, \\t or \\u…',
};

/** Takes JSON apart; comments and trailing commas are allowed. @throws InputError */
export function readJson(text: string, name: string): Node {
  const place = placesIn(text);
  const at = (offset: number, problem: string): Finding => {
    const { line, column } = place(offset);
    return { where: `${name}:${line}:${column}`, problem };
  };
  const deep = tooDeepAt(text);
  if (deep !== undefined) throw new InputError([at(deep, `is nested more than ${deepest} levels deep`)]);
  const found: ParseError[] = [];
  const tree = parseTree(text, found, { allowTrailingComma: true });
  const [first] = found;
  if (first || !tree) {
    const code = first ? printParseErrorCode(first.error) : 'ValueExpected';
    // What follows the first mistake is most often its echo.
    refuse([at(first?.offset ?? 0, `is not JSON: ${problems[code] ?? code}`)]);
  }
  const findings: Finding[] = [];
  const node = toNode(tree!, (offset, problem) => {
    if (findings.length < mostFindings) findings.push(at(offset, problem));
  });
  refuse(findings);
  return node;
}

/** Nobody reads more of one file. */
const mostFindings = 100;

/** Where the text is nested too deeply; the parser recurses, so this is looked at before. */
function tooDeepAt(text: string): number | undefined {
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

type Report = (offset: number, problem: string) => void;

function toNode(parsed: Parsed, report: Report): Node {
  const children = parsed.children ?? [];
  if (parsed.type === 'object') {
    return { kind: 'object', at: parsed.offset, fields: toFields(children, report) };
  }
  if (parsed.type === 'array') {
    return { kind: 'list', at: parsed.offset, items: children.map((child) => toNode(child, report)) };
  }
  return { kind: 'scalar', at: parsed.offset, value: parsed.value as string | number | boolean | null };
}

function toFields(properties: readonly Parsed[], report: Report): Field[] {
  const seen = new Set<string>();
  return properties.map(({ children }) => {
    const [key, value] = children as [Parsed, Parsed];
    const name = key.value as string;
    // JSON.parse would take the last one without a word.
    if (seen.has(name)) report(key.offset, `the field ${quoted(name)} is given twice`);
    seen.add(name);
    return { name, at: key.offset, value: toNode(value, report) };
  });
}
