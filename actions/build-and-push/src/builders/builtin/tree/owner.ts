/** Who owns what COPY creates: `--chown=user[:group]`, by name or number. */

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
 * @param unknown called with a name that is in no list, or has no number there
 */
export async function ownerOf(
  text: string,
  read: ReadText,
  unknown: (kind: 'user' | 'group', name: string, lack: Lack) => void = () => {},
): Promise<Owner> {
  const { user, group } = partsOf(text);
  const own = user === '' ? 0 : (idOf(user) ?? (await entry('/etc/passwd', user, read)));
  if (own === undefined) unknown('user', user, 'is not in');
  else if (typeof own === 'object' && numberOf(own[1]) === undefined) unknown('user', user, 'has no number in');
  const ids = typeof own === 'number' ? { uid: own, gid: own } : idsOf(own);
  if (group === '') return ids;
  const ofGroup = idOf(group) ?? (await entry('/etc/group', group, read));
  if (typeof ofGroup === 'number') return { ...ids, gid: ofGroup };
  const number = ofGroup && numberOf(ofGroup[1]);
  if (number === undefined) unknown('group', group, ofGroup ? 'has no number in' : 'is not in');
  return ofGroup ? { ...ids, gid: number ?? 0 } : ids;
}

/** What is wrong with a name. */
export type Lack = 'is not in' | 'has no number in';

/** Whether an owner names a user or group that only the lists of an image know. */
export const needsLists = (text: string): boolean =>
  Object.values(partsOf(text)).some((name) => name !== '' && idOf(name) === undefined);

function partsOf(text: string): { user: string; group: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { user: text, group: '' } : { user: text.slice(0, colon), group: text.slice(colon + 1) };
}

const idsOf = (fields: string[] | undefined): Owner => ({
  uid: numberOf(fields?.[1]) ?? 0,
  gid: numberOf(fields?.[2]) ?? 0,
});

/** Undefined for a name. As in BuildKit a number has 31 bits and may have a sign: -1 leaves root, others count from the end. */
function idOf(text: string): number | undefined {
  if (text === 'root' || text === '-1') return 0;
  const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return number >= -0x80000000 && number <= 0x7fffffff ? number >>> 0 : undefined;
}

/** A number of a list, as BuildKit reads it: of 32 bits, the last of which (-1) is nobody's and leaves root. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d{1,18}$/.test(text)) return undefined;
  const number = Number(BigInt.asUintN(32, BigInt(text.replace('+', ''))));
  return number === 0xffffffff ? 0 : number;
}

/** The fields behind the name: password, id, and for a user the group's id. Undefined where the name does not exist. */
async function entry(file: string, name: string, read: ReadText): Promise<string[] | undefined> {
  const lines = ((await read(file)) ?? '').split('\n').map((line) => line.trim().split(':'));
  return lines.find(([first]) => first === name)?.slice(1);
}
