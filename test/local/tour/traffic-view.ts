import type { Compute } from '../aws/compute';
import type { Load } from './load';
import type { TrafficWindow } from './traffic-line';

export interface TrafficView {
  /** The windows that have ended, and the one that runs. */
  windows(): readonly TrafficWindow[];
  /** Ends the last window and the watching; the windows in their order. */
  end(): readonly TrafficWindow[];
}

export interface TrafficViewOptions {
  readonly compute: Pick<Compute, 'traffic' | 'onEvent'>;
  readonly listenerArn: string;
  readonly load: Pick<Load, 'cut' | 'now'>;
  /** The version that is about to come. */
  readonly green: string;
  /** Called with every window as it ends. */
  readonly ended: (window: TrafficWindow) => void;
}

/** Watches the production traffic from now on. A window lasts as long as the listener's weights stay as they are. */
export function watchTraffic({ compute, listenerArn, load, green, ended }: TrafficViewOptions): TrafficView {
  const past: TrafficWindow[] = [];
  // What has all the traffic before a deployment is blue, whichever of the two target groups that is.
  const blue = compute.traffic(listenerArn).find(({ weight }) => weight === 100)?.targetGroupArn;
  let asked = 0;
  load.cut();
  const cut = () => {
    const window = { asked, green, counts: load.cut() };
    past.push(window);
    ended(window);
  };
  const stop = compute.onEvent((event) => {
    if (event.type !== 'traffic' || event.listenerArn !== listenerArn) return;
    const next = 100 - (event.weights.find(({ targetGroupArn }) => targetGroupArn === blue)?.weight ?? 0);
    if (next === asked) return;
    cut();
    asked = next;
  });
  return {
    windows: () => [...past, { asked, green, counts: load.now() }],
    end() {
      stop();
      cut();
      return past;
    },
  };
}
