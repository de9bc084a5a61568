import { Agent, get } from 'node:http';

/** What the answers of some time were: how many named each version, and how many requests got none. */
export interface Counts {
  readonly versions: ReadonlyMap<string, number>;
  readonly lost: number;
}

interface Window {
  readonly versions: Map<string, number>;
  lost: number;
}

/** Requests that somebody sends all the while, counted by the version that the answers name. */
export interface Load {
  /** Ends a time of counting and begins the next. Answers that come later count where they were asked. */
  cut(): Counts;
  /** What has been counted since the last cut. */
  now(): Counts;
  /** Everything so far. */
  total(): Counts;
  /** Ends when the last answer has come. */
  stop(): Promise<Counts>;
}

export interface LoadOptions {
  readonly address: string;
  /** Milliseconds between two requests. */
  readonly every: number;
  /** The version that a page names, undefined where it names none. */
  readonly versionOf: (page: string) => string | undefined;
}

export function startLoad({ address, every, versionOf }: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true });
  const windows: Window[] = [newWindow()];
  const open = new Set<Promise<void>>();
  const ask = () => {
    const window = windows.at(-1)!;
    const asked = fetchPage(address, agent).then(
      (page) => count(window, versionOf(page)),
      () => count(window, undefined),
    );
    open.add(asked);
    void asked.then(() => open.delete(asked));
  };
  const timer = setInterval(ask, every);
  return {
    cut() {
      const ended = windows.at(-1)!;
      windows.push(newWindow());
      return ended;
    },
    now: () => windows.at(-1)!,
    total: () => sum(windows),
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return sum(windows);
    },
  };
}

const newWindow = (): Window => ({ versions: new Map(), lost: 0 });

function count(window: Window, version: string | undefined): void {
  if (version === undefined) window.lost++;
  else window.versions.set(version, (window.versions.get(version) ?? 0) + 1);
}

function sum(windows: readonly Counts[]): Counts {
  const all = newWindow();
  for (const { versions, lost } of windows) {
    all.lost += lost;
    for (const [version, answers] of versions) all.versions.set(version, (all.versions.get(version) ?? 0) + answers);
  }
  return all;
}

/** A page in full. Any other status than 200 is a lost request, and so is an answer that takes five seconds. */
function fetchPage(address: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get(address, { agent, timeout: 5_000 }, (answer) => {
      let page = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        page += chunk;
      });
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(page);
        else reject(new Error(`status ${answer.statusCode}`));
      });
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', reject);
  });
}
