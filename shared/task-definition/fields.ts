import { enums, required, structures } from './fields.generated';

/** What a field holds, read from the table that is made from the SDK's schemas. */
export type FieldType =
  | { readonly kind: 'string' | 'integer' | 'boolean' }
  | { readonly kind: 'enum'; readonly words: readonly string[] }
  | { readonly kind: 'structure'; readonly name: string }
  | { readonly kind: 'list' | 'map'; readonly of: FieldType };

/** A field of a structure, such as `ContainerDefinition.image`. */
export type FieldName = {
  [Structure in keyof typeof structures]: `${Structure}.${keyof (typeof structures)[Structure] & string}`;
}[keyof typeof structures];

/** What a whole task definition is. */
export const taskDefinitionType: FieldType = { kind: 'structure', name: 'RegisterTaskDefinitionRequest' };

const table: Readonly<Record<string, Readonly<Record<string, string>>>> = structures;
const demanded: Readonly<Record<string, readonly string[]>> = required;
const sets: Readonly<Record<string, readonly string[]>> = enums;

/** Fields that ECS demands although the SDK's schemas do not: it answers "… should not be null or empty". */
const alsoRequired: Readonly<Record<string, readonly string[]>> = {
  ContainerDefinition: ['name', 'image'],
  KeyValuePair: ['name'],
  MountPoint: ['sourceVolume', 'containerPath'],
  Tag: ['key'],
  Volume: ['name'],
};

/** The fields that a structure may have. */
export const fieldsOf = (structure: string): readonly string[] => Object.keys(table[structure] ?? {});

/** The fields that a structure must have. */
export const requiredOf = (structure: string): readonly string[] => [
  ...(demanded[structure] ?? []),
  ...(alsoRequired[structure] ?? []),
];

/** Whether the model itself requires the field, not only ECS. */
export const isRequiredByModel = (structure: string, field: string): boolean =>
  demanded[structure]?.includes(field) ?? false;

/** The type of a field; undefined where the structure has no such field. */
export function fieldType(structure: string, field: string): FieldType | undefined {
  const fields = table[structure];
  return fields && Object.hasOwn(fields, field) ? readType(fields[field]!) : undefined;
}

function readType(text: string): FieldType {
  if (text.endsWith('[]')) return { kind: 'list', of: readType(text.slice(0, -2)) };
  if (text.endsWith('{}')) return { kind: 'map', of: readType(text.slice(0, -2)) };
  if (text === 'string' || text === 'integer' || text === 'boolean') return { kind: text };
  const words = sets[text];
  return words ? { kind: 'enum', words } : { kind: 'structure', name: text };
}
