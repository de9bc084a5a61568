/** Why an instruction cannot be carried out, fit for a Finding; the place is added where the instruction is known. */
export class BuildProblem extends Error {
  override readonly name = 'BuildProblem';
}
