/** How the production traffic is asked to move: in two steps, or in equal ones. */
export interface TrafficShift {
  readonly kind: 'canary' | 'linear';
  readonly percent: number;
  /** Minutes between two steps. */
  readonly minutes: number;
}

const form = /^(\d+(?:\.\d+)?)\s*%\s*(every\s)?\s*(\d+)\s*(m|min|minutes?|h|hours?)$/i;

/** Reads `10% 5m` (canary) or `10% every 3m` (linear); undefined where the text is neither. */
export function parseTrafficShift(text: string): TrafficShift | undefined {
  const [, percent, every, amount, unit = ''] = form.exec(text.trim()) ?? [];
  if (!percent || !amount) return undefined;
  const minutes = Number(amount) * (/^h/i.test(unit) ? 60 : 1);
  return { kind: every ? 'linear' : 'canary', percent: Number(percent), minutes };
}
