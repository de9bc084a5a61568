import type { RuleInfo } from '../evidence';
import { advisedRules, boundedFields, limitRule } from '../limits';
import { schemaRules } from '../walk';
import { containerRules } from './containers';
import { environmentRules } from './environment';
import { loggingRules } from './logging';
import { networkRules } from './network';
import { platformRules } from './platform';
import { referenceRules } from './references';
import { resourceRules } from './resources';
import { taskRules } from './task';
import { sizeRules } from './task-size';
import { volumeRules } from './volumes';

/** Every rule by its topic, for the page that lists them and for tests. */
export const allRules: Readonly<Record<string, Readonly<Record<string, RuleInfo>>>> = {
  Fields: schemaRules(),
  Limits: { ...advisedRules, ...Object.fromEntries([...boundedFields()].map((field) => [field, limitRule(field)])) },
  'The task': taskRules(),
  'CPU and memory': sizeRules(),
  Resources: resourceRules(),
  Platforms: platformRules(),
  Containers: containerRules(),
  'Variables and secrets': environmentRules(),
  Network: networkRules(),
  Volumes: volumeRules(),
  Logs: loggingRules(),
  References: referenceRules(),
};
