import type { Finding } from '../../../../shared/errors';
import { quoted, someOf } from '../../../../shared/excerpt';
import { suggestion } from '../../../../shared/nearest';
import { containersOf, type TaskDefinition } from '../../../../shared/task-definition/document';
import type { Request } from '../inputs';
import { givenForContainers, givenSettings } from './settings';

/** Which containers the settings go to, and what is wrong with the names. */
export interface Targets {
  readonly names: ReadonlySet<string>;
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Without a name the settings go to the only container, or to those named in `images`. */
export function chooseContainers(request: Request, taskDefinition: TaskDefinition): Targets {
  const { containers, images, isWhole } = request;
  const present = containersOf(taskDefinition).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const findings = [
    ...unknownNames('container-name', containers, present),
    ...unknownNames('images', [...images.keys()], present),
  ];
  const set = givenForContainers(request);
  const isIdle = isWhole && containers.length > 0 && set.length + images.size === 0;
  const isAllIdle = isIdle && givenSettings(request).length === 0;
  const to = (names: Iterable<string>, more: Partial<Targets> = {}): Targets => ({
    names: new Set(names),
    findings,
    warnings: [],
    ...more,
  });
  if (isAllIdle)
    return to(containers, { findings: [...findings, { where: 'container-name', problem: `${idle}; set one` }] });
  if (isIdle) return to(containers, { warnings: [{ where: 'container-name', problem: idle }] });
  if (containers.length > 0) return to(containers);
  if (images.size > 0) return to(images.keys());
  if (set.length === 0) return to([]);
  if (present.length === 1) return to(present);
  const problem =
    present.length === 0
      ? `has nothing to name: the task definition has no container for ${set.join(', ')}`
      : `is needed: ${set.join(', ')} may go to any of ${list(present)}`;
  return to([], { findings: [...findings, { where: 'container-name', problem }] });
}

/** An image whose variable was empty looks like none: the old one would be deployed, and the run would be green. */
const idle = 'nothing is set for it: neither an image nor another container setting is set, or all of them are empty';

function unknownNames(where: string, names: readonly string[], present: readonly string[]): Finding[] {
  const known = new Set(present);
  return names
    .filter((name) => !known.has(name))
    .map((name) => ({
      where,
      problem: `there is no container ${quoted(name)}${suggestion(name, present)} (there: ${list(present)})`,
    }));
}

const list = (names: readonly string[]) => (names.length === 0 ? 'none' : someOf(names));
