import type { TrafficShare, TrafficTarget } from '../aws/compute';

export type Target = Pick<TrafficTarget, 'host' | 'port'>;

/**
 * Chooses where a request goes: the target groups by their weights, the healthy targets of one in turn. The choice among
 * groups is smooth (each gains its weight at every request, the one that has most pays the sum), so that even a few
 * requests divide as the weights say.
 */
export function createChooser(shares: () => readonly TrafficShare[]): () => Target | undefined {
  const credit = new Map<string, number>();
  const turns = new Map<string, number>();
  return () => {
    const weighted = shares().filter(({ weight }) => weight > 0);
    const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
    for (const group of credit.keys()) {
      if (!weighted.some(({ targetGroupArn }) => targetGroupArn === group)) credit.delete(group);
    }
    for (const { targetGroupArn, weight } of weighted) {
      credit.set(targetGroupArn, (credit.get(targetGroupArn) ?? 0) + weight);
    }
    const owed = (share: TrafficShare) => credit.get(share.targetGroupArn) ?? 0;
    const chosen = weighted.reduce<TrafficShare | undefined>(
      (best, share) => (best && owed(best) >= owed(share) ? best : share),
      undefined,
    );
    if (!chosen) return undefined;
    credit.set(chosen.targetGroupArn, owed(chosen) - total);
    return nextTarget(chosen, turns);
  };
}

/** A load balancer uses targets that are not healthy only where no other is left, and draining ones never. */
function nextTarget({ targetGroupArn, targets }: TrafficShare, turns: Map<string, number>): Target | undefined {
  const healthy = targets.filter(({ health }) => health === 'healthy');
  const usable = healthy.length > 0 ? healthy : targets.filter(({ health }) => health !== 'draining');
  if (usable.length === 0) return undefined;
  const turn = turns.get(targetGroupArn) ?? 0;
  turns.set(targetGroupArn, turn + 1);
  return usable[turn % usable.length];
}
