import type { CapacityProviderStrategyItem } from '@aws-sdk/client-ecs';
import { parse } from 'yaml';
import { AwsRefusal } from '../../service';
import { type HookEvent, hookEvents } from '../scenario';

/** What an AppSpec for Amazon ECS asks for. */
export interface AppSpec {
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly platformVersion: string | undefined;
  readonly network: AppSpecNetwork | undefined;
  readonly capacityProviderStrategy: CapacityProviderStrategyItem[] | undefined;
  /** Lambda functions by event. */
  readonly hooks: Readonly<Partial<Record<HookEvent, string>>>;
}

interface AppSpecNetwork {
  readonly subnets: string[];
  readonly securityGroups: string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
}

const refuse = (message: string): never => {
  throw new AwsRefusal('InvalidRevisionException', message);
};

/** Reads an AppSpec in YAML or JSON, keys in any letter case. Throws InvalidRevisionException. */
export function readAppSpec(content: string): AppSpec {
  const root = lowerKeys(parseContent(content));
  if (!isRecord(root)) return refuse('The AppSpec file is not valid YAML or JSON: it has to be a mapping');
  if (Number(root['version']) !== 0)
    return refuse('The AppSpec file has an unsupported version; the version must be 0.0');
  const properties = readProperties(root['resources']);
  const balancer = isRecord(properties['loadbalancerinfo']) ? properties['loadbalancerinfo'] : {};
  return {
    taskDefinition: text(properties['taskdefinition'], 'TaskDefinition'),
    containerName: text(balancer['containername'], 'LoadBalancerInfo.ContainerName'),
    containerPort: port(balancer['containerport']),
    platformVersion: optionalText(properties['platformversion']),
    network: readNetwork(properties['networkconfiguration']),
    capacityProviderStrategy: readStrategy(properties['capacityproviderstrategy']),
    hooks: readHooks(root['hooks']),
  };
}

function parseContent(content: string): unknown {
  try {
    return parse(content);
  } catch (error) {
    return refuse(`The AppSpec file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readProperties(resources: unknown): Record<string, unknown> {
  if (!Array.isArray(resources) || resources.length !== 1) {
    return refuse('The AppSpec file must contain exactly one resource');
  }
  const resource: unknown = isRecord(resources[0]) ? Object.values(resources[0])[0] : undefined;
  if (!isRecord(resource)) return refuse('The resource of the AppSpec file is empty');
  if (resource['type'] !== 'AWS::ECS::Service') {
    return refuse('The resource of the AppSpec file must be of type AWS::ECS::Service');
  }
  return isRecord(resource['properties']) ? resource['properties'] : refuse('The resource has no Properties');
}

function readNetwork(value: unknown): AppSpecNetwork | undefined {
  if (!isRecord(value) || !isRecord(value['awsvpcconfiguration'])) return undefined;
  const vpc = value['awsvpcconfiguration'];
  return {
    subnets: strings(vpc['subnets']),
    securityGroups: strings(vpc['securitygroups']),
    assignPublicIp: vpc['assignpublicip'] === 'ENABLED' ? 'ENABLED' : 'DISABLED',
  };
}

function readStrategy(value: unknown): CapacityProviderStrategyItem[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter(isRecord).map((item) => ({
    capacityProvider: text(item['capacityprovider'], 'CapacityProviderStrategy.CapacityProvider'),
    base: Number(item['base'] ?? 0),
    weight: Number(item['weight'] ?? 0),
  }));
}

function readHooks(value: unknown): Partial<Record<HookEvent, string>> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) return refuse('Hooks of the AppSpec file must be a list');
  const hooks: Partial<Record<HookEvent, string>> = {};
  for (const [name, lambda] of value.filter(isRecord).flatMap((hook) => Object.entries(hook))) {
    const event = hookEvents.find((known) => known.toLowerCase() === name);
    if (!event) return refuse(`The AppSpec file has a hook for an unknown lifecycle event: ${name}`);
    hooks[event] = text(lambda, event);
  }
  return hooks;
}

/** Letter case of keys does not matter in an AppSpec. */
function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), lowerKeys(item)]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const optionalText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const text = (value: unknown, name: string): string =>
  optionalText(value) ?? refuse(`The AppSpec file is missing required information: ${name}`);

function port(value: unknown): number {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 && number < 65_536
    ? number
    : refuse('The AppSpec file is missing required information: LoadBalancerInfo.ContainerPort');
}
