/** The parts of the kit that are used. Its own packages carry no types, or sources that strict options refuse. */

declare module '@aws/codecatalyst-adk-core' {
  /** Prints `::set-output` through a shell; used by tests only, to show what it does to a value. */
  export function setOutput(name: string, value: string): string;
}

declare module '@aws/codecatalyst-run-summaries' {
  export const RunSummaries: { addRunSummary(text: string, level: string): void };
}
