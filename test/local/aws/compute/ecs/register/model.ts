import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import {
  type FieldType,
  fieldType,
  isRequiredByModel,
  requiredOf,
  taskDefinitionType,
} from '../../../../../../shared/task-definition/fields';
import { first, type Refusal } from './refusal';

/** What the model says: the required members of each structure, and the words of each enumeration. */
export const refusalOfModel = (input: RegisterTaskDefinitionRequest): Refusal =>
  refusalOf(input, taskDefinitionType, '');

/** ECS knows a version of Windows before the SDK does. */
const withoutYear = (word: string) => word.replace(/_\d{4}_/, '_');

function refusalOf(value: unknown, type: FieldType, place: string): Refusal {
  if (value === undefined) return undefined;
  switch (type.kind) {
    case 'structure':
      return refusalOfStructure(value as Readonly<Record<string, unknown>>, type.name, place);
    case 'list':
      return first(...(value as unknown[]).map((item, at) => refusalOf(item, type.of, `${place}.${at + 1}.member`)));
    case 'map':
      return first(
        ...Object.entries(value as object).map(([key, item]) => refusalOf(item, type.of, `${place}.${key}`)),
      );
    case 'enum':
      return (
        !type.words.map(withoutYear).includes(withoutYear(value as string)) &&
        `1 validation error detected: Value '${value}' at '${place}' failed to satisfy constraint: Member must satisfy enum value set: [${type.words.join(', ')}]`
      );
    default:
      return undefined;
  }
}

function refusalOfStructure(value: Readonly<Record<string, unknown>>, name: string, place: string): Refusal {
  const at = (field: string) => (place === '' ? field : `${place}.${field}`);
  // What ECS requires beyond the model has its own error texts.
  const missing = requiredOf(name).find((field) => isRequiredByModel(name, field) && value[field] === undefined);
  const own = ['family', 'containerDefinitions'];
  if (missing !== undefined && !own.includes(missing)) {
    return `1 validation error detected: Value null at '${at(missing)}' failed to satisfy constraint: Member must not be null`;
  }
  return first(
    ...Object.entries(value).map(([field, part]) => {
      const type = fieldType(name, field);
      return type && refusalOf(part, type, at(field));
    }),
  );
}
