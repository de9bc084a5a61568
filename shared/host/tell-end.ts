import { type ActionError, placeIn } from '../errors';
import { cutLine, plainLine, plainText } from '../foreign-text';
import type { ActionDefinition } from '../manifest/definition';
import type { Outcome } from './action';
import { asActionError } from './failure';
import type { Host } from './host';
import { type Log, longestNotice } from './log';

/**
 * Tells the host how the action ended: the outputs that `definition` offers on it, and the failure. The answer is its
 * failure, or that of telling the host where there is no other.
 */
export function tellEnd<D extends ActionDefinition>(
  host: Host,
  definition: ActionDefinition,
  outcome: Outcome<D>,
): ActionError | undefined {
  const { log } = host;
  const { outputs, failure: ofJob } = outcome;
  const say = (failure: ActionError) => {
    for (const detail of failure.details) log.finding(detail, placeIn(detail));
    log.error(plainLine(failure.message), placeIn(failure.message));
  };
  const lineOf = (failure: ActionError) => cutLine(log.masked(plainLine(failure.message)), longestNotice);
  if (ofJob) say(ofJob);
  let unheard: ActionError | undefined;
  try {
    const offered = Object.entries(outputs).filter(([name]) => Object.hasOwn(definition.outputs, name));
    host.outputs(maskedOutputs(offered as [string, string | undefined][], log), ofJob && lineOf(ofJob));
  } catch (error) {
    unheard = asActionError(error);
    say(unheard);
  }
  const failure = ofJob ?? unheard;
  const line = failure && lineOf(failure);
  host.end({
    action: definition.displayName,
    failure: line,
    get summary() {
      const { summary } = outcome;
      return summary && log.masked(plainText(summary));
    },
  });
  return failure;
}

/** A secret in a value is replaced, which the reader of the output should know. */
function maskedOutputs(
  outputs: readonly [name: string, value: string | undefined][],
  log: Log,
): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of outputs) {
    if (value === undefined) continue;
    shown[name] = log.masked(value);
    if (shown[name] !== value) log.warn(`output ${name}: holds a secret, which is passed on as ***`);
  }
  return shown;
}
