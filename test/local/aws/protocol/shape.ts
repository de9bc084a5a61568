import { NormalizedSchema } from '@smithy/core/schema';
import type { Service } from '../service';

export type Shape = NormalizedSchema;

export interface OperationShape {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
}

/** Kinds of schemas in the SDK's static form: the first element of their array. */
const operationKind = 9;
const errorKind = -3;

/** An operation as the SDK knows it; undefined where the service has none of this name. */
export function operationShape(service: Service, name: string): OperationShape | undefined {
  const schema = schemaOf(service, name);
  if (schema?.[0] !== operationKind) return undefined;
  return { name, input: NormalizedSchema.of(schema[4] as never), output: NormalizedSchema.of(schema[5] as never) };
}

/** A modelled error of a service; undefined for codes that AWS uses outside its models. */
export function errorShape(service: Service, code: string): Shape | undefined {
  const schema = schemaOf(service, code);
  return schema?.[0] === errorKind ? NormalizedSchema.of(schema as never) : undefined;
}

function schemaOf({ schemas }: Service, name: string): readonly unknown[] | undefined {
  const schema = /^\w+$/.test(name) ? schemas[`${name}$`] : undefined;
  return Array.isArray(schema) ? schema : undefined;
}

/** Members by the SDK's schema of a structure: they are asked for with each value. */
const known = new WeakMap<object, ReadonlyMap<string, Shape>>();
const none: ReadonlyMap<string, Shape> = new Map();

/** The members of a structure by name; none for an operation without input or output. */
export function membersOf(shape: Shape): ReadonlyMap<string, Shape> {
  if (!shape.isStructSchema()) return none;
  const schema = shape.getSchema() as object;
  const members = known.get(schema) ?? new Map(shape.structIterator());
  known.set(schema, members);
  return members;
}

/** The SDK lists required members first and their number as the seventh element. */
export function requiredOf(shape: Shape): readonly string[] {
  const schema = shape.getSchema() as unknown as readonly unknown[];
  return shape.isStructSchema() ? (schema[4] as string[]).slice(0, (schema[6] as number | undefined) ?? 0) : [];
}
