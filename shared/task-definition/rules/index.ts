import type { FieldName } from '../fields';
import { checkContainers, checkDependencies, checkHealthChecks } from './containers';
import { checkEnvironment } from './environment';
import { checkLimits } from './limits';
import { checkLogging } from './logging';
import { checkNetwork } from './network';
import { checkPlatform } from './platform';
import { checkReferences } from './references';
import { checkDemands, checkMissingMemory } from './resources';
import type { Rule } from './rule';
import { checkTask, checkWeight } from './task';
import { checkTaskSize } from './task-size';
import { checkVolumes } from './volumes';

/** A group of rules. */
export interface RuleGroup {
  readonly check: Rule;
  /** Without any of these fields the group finds nothing, so it is left alone: Node compiles what it runs. */
  readonly about?: readonly FieldName[];
}

/** Every rule of ECS that is checked, beside the SDK's schemas. */
export const ruleGroups: readonly RuleGroup[] = [
  { check: checkLimits },
  {
    check: checkTask,
    about: [
      'RegisterTaskDefinitionRequest.tags',
      'RegisterTaskDefinitionRequest.proxyConfiguration',
      'RegisterTaskDefinitionRequest.placementConstraints',
      'RegisterTaskDefinitionRequest.inferenceAccelerators',
      'ContainerDefinition.systemControls',
      'ContainerDefinition.resourceRequirements',
    ],
  },
  { check: checkWeight },
  {
    check: checkTaskSize,
    about: [
      'RegisterTaskDefinitionRequest.cpu',
      'RegisterTaskDefinitionRequest.memory',
      'RegisterTaskDefinitionRequest.requiresCompatibilities',
    ],
  },
  { check: checkMissingMemory },
  {
    check: checkDemands,
    about: [
      'RegisterTaskDefinitionRequest.cpu',
      'RegisterTaskDefinitionRequest.memory',
      'ContainerDefinition.memory',
      'ContainerDefinition.memoryReservation',
      'ContainerDefinition.ulimits',
      'ContainerDefinition.resourceRequirements',
    ],
  },
  {
    check: checkPlatform,
    about: ['RegisterTaskDefinitionRequest.requiresCompatibilities', 'RegisterTaskDefinitionRequest.runtimePlatform'],
  },
  { check: checkContainers },
  {
    check: checkDependencies,
    about: ['ContainerDefinition.dependsOn', 'ContainerDefinition.volumesFrom', 'ContainerDefinition.links'],
  },
  { check: checkHealthChecks, about: ['ContainerDefinition.healthCheck'] },
  {
    check: checkEnvironment,
    about: ['ContainerDefinition.environment', 'ContainerDefinition.secrets', 'LogConfiguration.secretOptions'],
  },
  {
    check: checkNetwork,
    about: [
      'RegisterTaskDefinitionRequest.networkMode',
      'RegisterTaskDefinitionRequest.requiresCompatibilities',
      'RegisterTaskDefinitionRequest.proxyConfiguration',
      'ContainerDefinition.portMappings',
      'ContainerDefinition.links',
      'ContainerDefinition.hostname',
      'ContainerDefinition.extraHosts',
    ],
  },
  { check: checkVolumes, about: ['RegisterTaskDefinitionRequest.volumes', 'ContainerDefinition.mountPoints'] },
  {
    check: checkLogging,
    about: ['ContainerDefinition.logConfiguration', 'ContainerDefinition.firelensConfiguration'],
  },
  { check: checkReferences },
];
