/** What is wrong with an archive, whether a layer of a base image or a file of the context, fit for a message after a colon. */
export class ArchiveProblem extends Error {
  override readonly name = 'ArchiveProblem';
}
