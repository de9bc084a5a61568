/** Colours that the actions paint with. */
export type Colour = 'red' | 'green' | 'yellow' | 'dim';

/** A line and how it is painted where colours may be used. Foreign text is cleaned before, so only our own paint is left. */
export interface PaintedLine {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

const codes: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, dim: 2 };

/** The text as a terminal shows it in this colour. */
export const paint = (colour: Colour, text: string): string => `\u001b[${codes[colour]}m${text}\u001b[0m`;
