import { describe, expect, it } from '@jest/globals';
import type { TrafficShare, TrafficTarget } from '../../local/aws/compute';
import { createChooser } from '../../local/tour/choose-target';
import { fc } from '../../support/properties';

const target = (port: number, health: TrafficTarget['health'] = 'healthy'): TrafficTarget => ({
  id: String(port),
  host: '127.0.0.1',
  port,
  health,
});
const share = (name: string, weight: number, targets: TrafficTarget[]): TrafficShare => ({
  targetGroupArn: name,
  weight,
  taskSet: name === 'green' ? 'green' : 'blue',
  targets,
});
const ports = (choose: ReturnType<typeof createChooser>, times: number) =>
  Array.from({ length: times }, () => choose()?.port);

describe('createChooser', () => {
  it('divides every run of requests as the weights say, never more than one request off', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 300 }), (weight, times) => {
        const shares = [share('blue', 100 - weight, [target(1)]), share('green', weight, [target(2)])];
        const green = ports(
          createChooser(() => shares),
          times,
        ).filter((port) => port === 2).length;
        expect(Math.abs(green - (times * weight) / 100)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('follows the weights as they move', () => {
    let weight = 0;
    const choose = createChooser(() => [share('blue', 100 - weight, [target(1)]), share('green', weight, [target(2)])]);
    expect(new Set(ports(choose, 20))).toEqual(new Set([1]));
    weight = 100;
    expect(new Set(ports(choose, 20))).toEqual(new Set([2]));
  });

  it('takes the healthy targets of a group in turn', () => {
    const shares = [share('blue', 100, [target(1), target(2, 'unhealthy'), target(3, 'draining'), target(4)])];
    expect(
      ports(
        createChooser(() => shares),
        4,
      ),
    ).toEqual([1, 4, 1, 4]);
  });

  it.each([
    ['only unhealthy targets: it uses them', [target(1, 'unhealthy'), target(2, 'draining')], 1],
    ['only draining targets: none', [target(2, 'draining')], undefined],
    ['no target: none', [], undefined],
  ])('%s', (_, targets, port) => {
    expect(createChooser(() => [share('blue', 100, targets)])()?.port).toBe(port);
  });
});
