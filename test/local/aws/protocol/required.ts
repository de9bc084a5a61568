import { AwsRefusal, type Service } from '../service';
import { errorShape, membersOf, requiredOf, type Shape } from './shape';

/**
 * Refuses an input that lacks a required member, as the service would. Where it is not known how the service says it, the
 * operation itself has to.
 */
export function refuseMissing(service: Service, shape: Shape, value: unknown): void {
  const missing = firstMissing(shape, value, '');
  const refusal = missing && missingRefusal(service, missing);
  if (refusal) throw refusal;
}

function missingRefusal(service: Service, place: string): AwsRefusal | undefined {
  const words = `Value null at '${place}' failed to satisfy constraint: Member must not be null`;
  switch (service.name) {
    case 'ecr':
    case 'logs':
      return new AwsRefusal('InvalidParameterException', `1 validation error detected: ${words}`);
    case 'sts':
    case 'elasticloadbalancing':
      return new AwsRefusal('ValidationError', `1 validation error detected: ${words}`);
    case 'codedeploy': {
      const code = `${place.charAt(0).toUpperCase()}${place.slice(1)}RequiredException`;
      return errorShape(service, code) && new AwsRefusal(code, `The ${place} is required.`);
    }
    default:
      return undefined;
  }
}

function firstMissing(shape: Shape, value: unknown, place: string): string | undefined {
  if (shape.isListSchema() && Array.isArray(value)) {
    const each = (item: unknown, index: number) =>
      firstMissing(shape.getValueSchema(), item, `${place}.${index + 1}.member`);
    return value.map(each).find((found) => found !== undefined);
  }
  if (!shape.isStructSchema() || typeof value !== 'object' || value === null) return undefined;
  const at = (name: string) => (place === '' ? name : `${place}.${name}`);
  const absent = requiredOf(shape).find((name) => Reflect.get(value, name) === undefined);
  if (absent !== undefined) return at(absent);
  for (const [name, member] of membersOf(shape)) {
    const item: unknown = Reflect.get(value, name);
    const found = typeof item === 'object' ? firstMissing(member, item, at(name)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
