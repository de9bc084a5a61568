import { checkContainers } from './containers';
import { checkEnvironment } from './environment';
import { checkLimits } from './limits';
import { checkLogging } from './logging';
import { checkNetwork } from './network';
import { checkPlatform } from './platform';
import { checkReferences } from './references';
import { checkResources } from './resources';
import type { Rule } from './rule';
import { checkTask } from './task';
import { checkTaskSize } from './task-size';
import { checkVolumes } from './volumes';

/** Every rule of ECS that is checked, beside the SDK's schemas. */
export const rules: readonly Rule[] = [
  checkLimits,
  checkTask,
  checkTaskSize,
  checkResources,
  checkPlatform,
  checkContainers,
  checkEnvironment,
  checkNetwork,
  checkVolumes,
  checkLogging,
  checkReferences,
];
