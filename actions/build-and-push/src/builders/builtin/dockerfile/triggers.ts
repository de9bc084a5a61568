/** ONBUILD: instructions that an image or a stage keeps for those that are made from it. */

import { type Instruction, linesOf, readInstructions } from './dockerfile-lines';
import { nameValues } from './dockerfile-words';
import { BuildProblem } from './problem';
import { quoted } from './quote';

/** The instruction that ONBUILD keeps, with its documents, as it stands in an image's configuration. */
export const triggerText = ({ text, heredocs }: Instruction): string =>
  [text, ...heredocs.map(({ name, content }) => `${content}${name}`)].join('\n');

/** Instructions that no trigger can be. */
const never = new Set(['FROM', 'MAINTAINER', 'ONBUILD']);

/** Instructions whose arguments BuildKit reads already where they are kept, as its parser divides them. */
const read = new Set(['ENV', 'LABEL']);

/** Why an ONBUILD instruction keeps something that is no trigger; undefined where it is one. */
export function problemOfTrigger({ text }: Instruction, escaper: string): string | undefined {
  const [word = ''] = text.split(/\s/, 1);
  const keyword = word.toUpperCase();
  if (keyword === '') return 'must name an instruction for later builds';
  if (never.has(keyword)) return `cannot keep ${keyword} for later builds`;
  const rest = text.slice(word.length).trim();
  if (!read.has(keyword) || rest === '' || nameValues(rest, escaper)) return undefined;
  return `${keyword} must have the form NAME=value, got ${quoted(rest)}`;
}

/**
 * The instruction of a trigger, at the line of the FROM that makes it run. As in BuildKit its escape character is always `\`.
 *
 * @throws BuildProblem
 */
export function parseTrigger(trigger: string, line: number): Instruction {
  const [instruction, ...more] = readInstructions(linesOf(trigger), '\\');
  if (!instruction || more.length > 0 || never.has(instruction.keyword)) {
    throw new BuildProblem(`has an ONBUILD trigger that is not one instruction: ${quoted(trigger)}`);
  }
  return { ...instruction, line };
}

/** The triggers that a stage keeps. */
export const triggersIn = (instructions: readonly Instruction[]): readonly Instruction[] =>
  instructions.filter(({ keyword }) => keyword === 'ONBUILD');
