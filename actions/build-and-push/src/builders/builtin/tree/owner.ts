/** Who owns what COPY creates: `--chown=user[:group]`, by name or number. */

import { BuildProblem } from '../dockerfile/problem';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The text of a file of the image; undefined where it is not there. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * Reads an owner as BuildKit does: a name has the group that /etc/passwd gives it, a number alone is the group's too.
 *
 * @throws BuildProblem
 */
export async function ownerOf(text: string, read: ReadText): Promise<Owner> {
  const [user = '', group] = text.split(':');
  const { uid, gid } = isNumber(user) ? { uid: Number(user), gid: Number(user) } : await byName(user, read);
  if (group === undefined || group === '') return { uid, gid };
  return { uid, gid: isNumber(group) ? Number(group) : await groupByName(group, read) };
}

const isNumber = (text: string) => /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff;

async function byName(name: string, read: ReadText): Promise<Owner> {
  const [, uid, gid] = await entry('/etc/passwd', name, 'user', read);
  return { uid: idOf(uid, name), gid: idOf(gid, name) };
}

async function groupByName(name: string, read: ReadText): Promise<number> {
  return idOf((await entry('/etc/group', name, 'group', read))[1], name);
}

function idOf(text: string | undefined, name: string): number {
  if (text !== undefined && isNumber(text)) return Number(text);
  throw new BuildProblem(
    `the line of "${name}" in the lists of users and groups of the image has no number; use a number`,
  );
}

/** The fields behind the name: password, id, and for a user the group's id. */
async function entry(file: string, name: string, kind: string, read: ReadText): Promise<string[]> {
  const lines = ((await read(file)) ?? '').split('\n').map((line) => line.split(':'));
  const found = lines.find(([first]) => first === name);
  if (!found) throw new BuildProblem(`the ${kind} "${name}" is not in ${file} of the image; use a number`);
  return found.slice(1);
}
