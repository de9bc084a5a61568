import { type Node as Parsed, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Finding, refuse } from '../errors';
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
  const found: ParseError[] = [];
  const tree = parseTree(text, found, { allowTrailingComma: true });
  const [first] = found;
  if (first || !tree) {
    const code = first ? printParseErrorCode(first.error) : 'ValueExpected';
    // What follows the first mistake is most often its echo.
    refuse([at(text, name, first?.offset ?? 0, `is not JSON: ${problems[code] ?? code}`)]);
  }
  const findings: Finding[] = [];
  const node = toNode(tree!, 0, (offset, problem) => findings.push(at(text, name, offset, problem)));
  refuse(findings);
  return node;
}

const at = (text: string, name: string, offset: number, problem: string): Finding => {
  const { line, column } = placesIn(text)(offset);
  return { where: `${name}:${line}:${column}`, problem };
};

type Report = (offset: number, problem: string) => void;

function toNode(parsed: Parsed, depth: number, report: Report): Node {
  if (depth > deepest) {
    report(parsed.offset, `is nested more than ${deepest} levels deep`);
    return { kind: 'scalar', at: parsed.offset, value: null };
  }
  const children = parsed.children ?? [];
  if (parsed.type === 'object') {
    return { kind: 'object', at: parsed.offset, fields: toFields(children, depth, report) };
  }
  if (parsed.type === 'array') {
    return { kind: 'list', at: parsed.offset, items: children.map((child) => toNode(child, depth + 1, report)) };
  }
  return { kind: 'scalar', at: parsed.offset, value: parsed.value as string | number | boolean | null };
}

function toFields(properties: readonly Parsed[], depth: number, report: Report): Field[] {
  const seen = new Set<string>();
  return properties.map(({ children }) => {
    const [key, value] = children as [Parsed, Parsed];
    const name = key.value as string;
    // JSON.parse would take the last one without a word.
    if (seen.has(name)) report(key.offset, `the field ${JSON.stringify(name)} is given twice`);
    seen.add(name);
    return { name, at: key.offset, value: toNode(value, depth + 1, report) };
  });
}
