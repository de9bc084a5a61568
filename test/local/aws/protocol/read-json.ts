import { AwsRefusal } from '../service';
import { membersOf, type Shape } from './shape';

/**
 * Reads the JSON value of a shape into what the SDK's types say: dates as Date, blobs as bytes, null as absent.
 * @throws AwsRefusal SerializationException for a value of the wrong type, in AWS's words and with the place; and for a
 * member that the shape does not have, which AWS itself would drop: whoever sends one has made a mistake. With `newer`, AWS
 * knows more than the SDK, and keeps such a member as it is.
 */
export function readJson(shape: Shape, value: unknown, place = '', newer = false): unknown {
  if (shape.isDocumentSchema()) return value;
  if (shape.isStructSchema() || shape.isUnitSchema()) return readStructure(shape, value, place, newer);
  if (shape.isMapSchema()) return readMap(shape, value, place, newer);
  if (shape.isListSchema()) return readList(shape, value, place, newer);
  return readScalar(shape, value, place);
}

function readStructure(shape: Shape, value: unknown, place: string, newer: boolean): unknown {
  const members = membersOf(shape);
  const known = (name: string) => {
    const member = members.get(name);
    if (!member && !newer) throw unknownMember(joinPlace(place, name));
    return member;
  };
  return readEntries(asObject(value, place), place, known, newer);
}

function readMap(shape: Shape, value: unknown, place: string, newer: boolean): unknown {
  return readEntries(asObject(value, place), place, () => shape.getValueSchema(), newer);
}

function readEntries(
  value: object,
  place: string,
  shapeOf: (name: string) => Shape | undefined,
  newer: boolean,
): unknown {
  const entries = Object.entries(value).map(([name, item]) => [name, item, shapeOf(name)] as const);
  const present = entries.filter(([, item]) => item !== null);
  return Object.fromEntries(
    present.map(([name, item, shape]) => [name, shape ? readJson(shape, item, joinPlace(place, name), newer) : item]),
  );
}

function readList(shape: Shape, value: unknown, place: string, newer: boolean): unknown {
  if (!Array.isArray(value)) throw mismatch(`${token(value)} found where a list was expected`, place);
  return value.map((item, index) => readJson(shape.getValueSchema(), item, `${place}[${index}]`, newer));
}

function readScalar(shape: Shape, value: unknown, place: string): unknown {
  if (typeof value === 'object' && value !== null) {
    throw mismatch(`Start of ${Array.isArray(value) ? 'list' : 'structure or map'} found where not expected.`, place);
  }
  const wanted = scalarOf(shape);
  if (typeof value !== wanted.type) throw mismatch(`${token(value)} can not be converted to ${wanted.words}`, place);
  if (shape.isTimestampSchema()) return new Date((value as number) * 1000);
  return shape.isBlobSchema() ? Buffer.from(value as string, 'base64') : value;
}

function scalarOf(shape: Shape): { type: string; words: string } {
  if (shape.isBooleanSchema()) return { type: 'boolean', words: 'a Boolean' };
  if (shape.isTimestampSchema()) return { type: 'number', words: 'a Timestamp' };
  if (shape.isBlobSchema()) return { type: 'string', words: 'a Blob' };
  const numeric = shape.isNumericSchema() || shape.isBigIntegerSchema() || shape.isBigDecimalSchema();
  return numeric ? { type: 'number', words: 'an Integer' } : { type: 'string', words: 'a String' };
}

/** The token as AWS's JSON reader names it. */
function token(value: unknown): string {
  if (value === null) return 'NULL_VALUE';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  if (typeof value === 'object') return 'START_OBJECT';
  return typeof value === 'number' ? 'NUMBER_VALUE' : 'STRING_VALUE';
}

function asObject(value: unknown, place: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw mismatch(`${Array.isArray(value) ? 'START_ARRAY' : token(value)} found where a structure was expected`, place);
}

const joinPlace = (place: string, name: string): string => (place === '' ? name : `${place}.${name}`);
const unknownMember = (place: string) => new AwsRefusal('SerializationException', `unknown member: ${place}`);
const mismatch = (why: string, place: string) =>
  new AwsRefusal('SerializationException', place === '' ? why : `${why} (at ${place})`);
