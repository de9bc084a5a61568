import { type Finding, InputError } from '../../../../shared/errors';
import { quoted } from '../../../../shared/excerpt';
import { readYaml } from '../../../../shared/task-definition/read-yaml';
import { buildValue } from '../../../../shared/task-definition/tree';
import type { TextFile } from '../files';

export interface Hook {
  readonly event: string;
  /** Name or ARN of the function, as written. */
  readonly lambda: unknown;
}

/** An AppSpec as far as it is understood; `content` is all of it. */
export interface AppSpec {
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** The properties of its ECS service. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly container: unknown;
  readonly port: unknown;
  readonly hooks: readonly Hook[];
  /** What is read otherwise than it is written. */
  readonly notices: readonly string[];
}

/** Reads an AppSpec in YAML or JSON, keys in any letter case. */
export function readAppSpec({ name, text }: TextFile): { appSpec?: AppSpec; findings: Finding[] } {
  let content: unknown;
  try {
    // JSON is YAML too.
    content = buildValue(readYaml(text, name, 'an AppSpec'), undefined);
  } catch (error) {
    if (error instanceof InputError) return { findings: [...error.findings] };
    throw error;
  }
  if (!isRecord(content)) return fail(name, 'must be a mapping with version, Resources and, optionally, Hooks');
  const findings: Finding[] = [];
  const version = memberOf(content, 'version');
  // CodeDeploy takes 1 too, which tools send; 0.0 is what its documentation has.
  if (![0, 1].includes(Number(version))) {
    findings.push({
      where: `${name} version`,
      problem: `must be 0.0, got ${quoted(version)}`,
    });
  }
  const resource = readResource(name, memberOf(content, 'Resources'));
  const hooks = readHooks(name, memberOf(content, 'Hooks'));
  findings.push(...resource.findings, ...hooks.findings);
  if (!resource.properties) return { findings };
  const { properties } = resource;
  const loadBalancer = memberOf(properties, 'LoadBalancerInfo');
  const [container, port] = ['ContainerName', 'ContainerPort'].map((key) =>
    isRecord(loadBalancer) ? memberOf(loadBalancer, key) : undefined,
  );
  const notices = Number(version) === 1 ? [`${name} version: 1 is read as 0.0, which is the documented one`] : [];
  return { appSpec: { name, content, properties, container, port, hooks: hooks.hooks, notices }, findings };
}

const fail = (where: string, problem: string) => ({ findings: [{ where, problem }] });

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key of a record that equals a name in any letter case. */
export const keyLike = (record: Readonly<Record<string, unknown>>, name: string): string | undefined =>
  Object.keys(record).find((key) => key.toLowerCase() === name.toLowerCase());

/** The value under a key in any letter case. */
export function memberOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = keyLike(record, name);
  return key === undefined ? undefined : record[key];
}

const serviceType = 'AWS::ECS::Service';

function readResource(name: string, resources: unknown): { properties?: Record<string, unknown>; findings: Finding[] } {
  const where = `${name} Resources`;
  if (!Array.isArray(resources) || resources.length !== 1 || !isRecord(resources[0])) {
    return fail(where, 'must be a list of exactly one resource, the ECS service');
  }
  const [resource, ...others] = Object.values(resources[0]);
  if (!isRecord(resource) || others.length > 0) return fail(where, 'must name one resource, such as TargetService');
  if (memberOf(resource, 'Type') !== serviceType) {
    return fail(`${where} Type`, `must be ${serviceType}, got ${quoted(memberOf(resource, 'Type'))}`);
  }
  const properties = memberOf(resource, 'Properties');
  if (!isRecord(properties)) return fail(where, 'must have Properties with LoadBalancerInfo');
  return { properties, findings: [] };
}

function readHooks(name: string, value: unknown): { hooks: Hook[]; findings: Finding[] } {
  if (value === undefined || value === null) return { hooks: [], findings: [] };
  if (!Array.isArray(value) || !value.every(isRecord)) {
    return { hooks: [], ...fail(`${name} Hooks`, 'must be a list with one event and its function in each entry') };
  }
  const hooks = value.flatMap((entry) => Object.entries(entry).map(([event, lambda]) => ({ event, lambda })));
  return { hooks, findings: [] };
}
