import { parseInputs, type RawInputs } from '../../../shared/manifest/parse';
import { definition, type Inputs } from './definition';

/** Reads all inputs and checks them against each other. Pure. @throws InputError */
export function readInputs(raw: RawInputs): Inputs {
  return parseInputs(definition, raw);
}
