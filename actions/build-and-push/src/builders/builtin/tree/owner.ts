/** Who owns what COPY creates: `--chown=user[:group]`, by name or number. */

import { BuildProblem } from '../dockerfile/problem';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The text of a file of the image; undefined where it does not exist. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * Reads an owner as BuildKit does: a name has the group that /etc/passwd gives it, a number alone is the group's too, root
 * is 0 without a list, and a name that is in no list is root, as is a user that is left out (`:staff`).
 *
 * @param unknown called with a name that is in no list
 * @throws BuildProblem
 */
export async function ownerOf(
  text: string,
  read: ReadText,
  unknown: (kind: 'user' | 'group', name: string) => void = () => {},
): Promise<Owner> {
  const { user, group } = partsOf(text);
  const own = user === '' ? 0 : (idOf(user) ?? (await entry('/etc/passwd', user, read)));
  if (own === undefined) unknown('user', user);
  const ids = typeof own === 'number' ? { uid: own, gid: own } : idsOf(own, user);
  if (group === '') return ids;
  const ofGroup = idOf(group) ?? (await entry('/etc/group', group, read));
  if (ofGroup === undefined) unknown('group', group);
  if (typeof ofGroup === 'number') return { ...ids, gid: ofGroup };
  return ofGroup === undefined ? ids : { ...ids, gid: numberOf(ofGroup[1], group) };
}

/** Whether an owner names a user or group that only the lists of an image know. */
export const needsLists = (text: string): boolean =>
  Object.values(partsOf(text)).some((name) => name !== '' && idOf(name) === undefined);

function partsOf(text: string): { user: string; group: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { user: text, group: '' } : { user: text.slice(0, colon), group: text.slice(colon + 1) };
}

const idsOf = (fields: string[] | undefined, name: string): Owner =>
  fields ? { uid: numberOf(fields[1], name), gid: numberOf(fields[2], name) } : { uid: 0, gid: 0 };

/** Undefined for a name. As in BuildKit a number has 31 bits and may have a sign: -1 leaves root, others count from the end. */
function idOf(text: string): number | undefined {
  if (text === 'root' || text === '-1') return 0;
  const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return number >= -0x80000000 && number <= 0x7fffffff ? number >>> 0 : undefined;
}

/** Some systems write `nobody` as a number of 32 bits. */
function numberOf(text: string | undefined, name: string): number {
  if (text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff) return Number(text);
  throw new BuildProblem(
    `the line of "${name}" in the lists of users and groups of the image has no number; use a number`,
  );
}

/** The fields behind the name: password, id, and for a user the group's id. Undefined where the name does not exist. */
async function entry(file: string, name: string, read: ReadText): Promise<string[] | undefined> {
  const lines = ((await read(file)) ?? '').split('\n').map((line) => line.trim().split(':'));
  return lines.find(([first]) => first === name)?.slice(1);
}
