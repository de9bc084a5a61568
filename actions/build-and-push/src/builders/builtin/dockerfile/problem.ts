/** Why an instruction cannot be carried out, fit for a Finding; the place is added where the instruction is known. */
export class BuildProblem extends Error {
  override readonly name = 'BuildProblem';

  /** @param able the engines that can; undefined where none could, because the input itself is wrong. */
  constructor(
    message: string,
    readonly able?: readonly string[],
  ) {
    super(able ? `${message}; use a builder that can: ${able.join(', ')}` : message);
  }
}
