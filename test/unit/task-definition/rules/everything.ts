import type { JsonObject, JsonValue } from '../../../../shared/task-definition/document';
import { type FieldType, fieldsOf, fieldType, taskDefinitionType } from '../../../../shared/task-definition/fields';

/** A task definition that uses every field that there is, with this text in each field of any text. */
export const everything = (text: string): JsonObject => sample(taskDefinitionType, text) as JsonObject;

function sample(type: FieldType, text: string): JsonValue {
  switch (type.kind) {
    case 'structure':
      return Object.fromEntries(
        fieldsOf(type.name).map((field) => [field, sample(fieldType(type.name, field)!, text)]),
      );
    case 'list':
      return [sample(type.of, text)];
    case 'map':
      return { name: sample(type.of, text) };
    case 'enum':
      return type.words[0]!;
    case 'string':
      return text;
    case 'boolean':
      return true;
    case 'integer':
      return 1;
  }
}
