import { createHash } from 'node:crypto';
import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { CapacityProviderStrategyItem, Service } from '@aws-sdk/client-ecs';
import { type AppSpec, isRecord, keyLike, memberOf } from './appspec';
import type { Target } from './appspec-checks';

/**
 * The AppSpec with the task definition's ARN in it, and with the capacity providers of the service where it has none; everything else
 * kept. The same input gives the same text.
 */
export function completeAppSpec(appSpec: AppSpec, taskDefinitionArn: string, service: Service): string {
  const { content, properties } = appSpec;
  const key = keyLike(properties, 'TaskDefinition') ?? 'TaskDefinition';
  const strategy = missingStrategy(appSpec, service);
  const completed = {
    ...properties,
    [key]: taskDefinitionArn,
    ...(strategy && { [keyLike(properties, strategyKey) ?? strategyKey]: strategy }),
  };
  const version = keyLike(content, 'version');
  const { [version ?? '']: _, ...rest } = replaceValue(content, properties, completed) as Record<string, unknown>;
  return write(rest);
}

const strategyKey = 'CapacityProviderStrategy';

/** The capacity provider strategy of a service that an AppSpec leaves out. */
export function missingStrategy({ properties }: AppSpec, service: Service) {
  const given = memberOf(properties, strategyKey);
  const isGiven = Array.isArray(given) ? given.length > 0 : given !== undefined && given !== null;
  const { capacityProviderStrategy = [] } = settingsOf(service);
  return isGiven || capacityProviderStrategy.length === 0 ? undefined : capacityProviderStrategy.map(itemOf);
}

const itemOf = ({ capacityProvider, base, weight }: CapacityProviderStrategyItem) => ({
  CapacityProvider: capacityProvider,
  Base: base ?? 0,
  Weight: weight ?? 0,
});

/** Replaces one record, wherever it stands. */
function replaceValue(value: unknown, from: unknown, to: unknown): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((item) => replaceValue(item, from, to));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceValue(item, from, to)]));
}

/** The AppSpec for a service that has none: what its load balancer, platform and capacity providers are now. */
export function generateAppSpec(service: Service, { container, port }: Target, taskDefinitionArn: string): string {
  const { platformVersion, capacityProviderStrategy = [] } = settingsOf(service);
  const properties = {
    TaskDefinition: taskDefinitionArn,
    LoadBalancerInfo: { ContainerName: container, ContainerPort: port },
    ...(platformVersion && { PlatformVersion: platformVersion }),
    ...(capacityProviderStrategy.length > 0 && {
      CapacityProviderStrategy: capacityProviderStrategy.map(itemOf),
    }),
  };
  return write({ Resources: [{ TargetService: { Type: 'AWS::ECS::Service', Properties: properties } }] });
}

/** Under CODE_DEPLOY, the settings are those of the task set that receives the traffic. */
function settingsOf(service: Service) {
  const primary = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  return {
    platformVersion: primary?.platformVersion ?? service.platformVersion,
    capacityProviderStrategy: primary?.capacityProviderStrategy ?? service.capacityProviderStrategy,
  };
}

/** JSON with the version as CodeDeploy's documentation writes it; a JavaScript number would come out as 0. */
const write = (rest: Record<string, unknown>) => `{"version":0.0,${JSON.stringify(rest).slice(1)}`;

/** The SHA-256 of an AppSpec, as CodeDeploy's revisions have it. */
export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** The task definition that a deployment brings, as its AppSpec names it; undefined where CodeDeploy does not tell. */
export function revisionIn({ revision }: DeploymentInfo): string | undefined {
  const { content = '' } = revision?.appSpecContent ?? revision?.string ?? {};
  return /\btaskdefinition["']?\s*:\s*["']?(arn:[^\s"',}]+:\d+)/i.exec(content)?.[1];
}

/** Whether a deployment has this AppSpec as its revision. */
export function deploysAppSpec({ revision }: DeploymentInfo, content: string): boolean {
  const { content: its, sha256: hash } = revision?.appSpecContent ?? revision?.string ?? {};
  return its === content || hash?.toLowerCase() === sha256(content);
}
