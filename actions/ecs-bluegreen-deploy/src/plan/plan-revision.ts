import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { type CurrentState, type Earlier, foundIn, type Revision } from './current-state';
import { isSameRevision } from './same-revision';

/** The task definition that is deployed: a revision that is there, or one to register; none where it is to be rolled back. */
export type RevisionPlan = { readonly kind: 'none' } | RevisionToDeploy;

export type RevisionToDeploy =
  | { readonly kind: 'deploy'; readonly arn: string; readonly why: string }
  | { readonly kind: 'register'; readonly request: RegisterTaskDefinitionRequest; readonly latest: string | undefined };

/**
 * Which revision is deployed: the one named; else one that is identical and on its way, or that runs, or that this run registered,
 * or that is the latest; else a new one. So runs of the same content come to the same revision, also where another one has deployed it
 * while this one waited.
 */
export function planRevision(
  { desired, latest, running, underWay }: Pick<CurrentState, 'desired' | 'latest'> & Partial<CurrentState>,
  earlier?: Earlier,
): RevisionPlan {
  if (desired.kind === 'nothing') return { kind: 'none' };
  if (desired.kind === 'revision') return { kind: 'deploy', arn: foundIn(desired.result)!.arn, why: 'as specified' };
  const { request } = desired;
  const isSame = (revision: Revision | undefined) =>
    revision !== undefined && revision.taskDefinition.status !== 'INACTIVE' && isSameRevision(request, revision);
  const newest = foundIn(latest);
  const current = running && foundIn(running);
  const advancing = underWay?.find(isSame);
  if (advancing) return { kind: 'deploy', arn: advancing.arn, why: 'an identical revision is being deployed' };
  const { registered } = earlier ?? {};
  const isOurs = registered !== undefined && (current?.arn === registered || !isSame(current));
  if (isOurs) return { kind: 'deploy', arn: registered, why: 'registered by this run' };
  const same = [current, newest].find(isSame);
  if (!same) return { kind: 'register', request, latest: newest?.arn };
  return {
    kind: 'deploy',
    arn: same.arn,
    why: `the ${same.arn === newest?.arn ? 'latest' : 'running'} revision is identical`,
  };
}
