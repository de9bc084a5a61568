import { Agent, get } from 'node:http';

/** What became of the requests of some time. */
export interface Counts {
  /** Answers by the version that they name. */
  readonly versions: ReadonlyMap<string, number>;
  /** Answers of the application with status 500. */
  readonly failed: number;
  /** Requests without an answer of the application. */
  readonly lost: number;
}

interface Window {
  readonly versions: Map<string, number>;
  failed: number;
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
      (page) => count(window, page === 'failed' ? page : { version: versionOf(page.text) }),
      () => count(window, { version: undefined }),
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

const newWindow = (): Window => ({ versions: new Map(), failed: 0, lost: 0 });

function count(window: Window, answer: 'failed' | { readonly version: string | undefined }): void {
  if (answer === 'failed') {
    window.failed++;
    return;
  }
  const { version } = answer;
  if (version === undefined) window.lost++;
  else window.versions.set(version, (window.versions.get(version) ?? 0) + 1);
}

function sum(windows: readonly Counts[]): Counts {
  const all = newWindow();
  for (const { versions, failed, lost } of windows) {
    all.failed += failed;
    all.lost += lost;
    for (const [version, answers] of versions) all.versions.set(version, (all.versions.get(version) ?? 0) + answers);
  }
  return all;
}

/**
 * A page in full, or that the application answered with status 500. Rejects for every other status, which the load balancer
 * gives, and for an answer that takes five seconds.
 */
function fetchPage(address: string, agent: Agent): Promise<'failed' | { readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asked = get(address, { agent, timeout: 5_000 }, (answer) => {
      let page = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        page += chunk;
      });
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve({ text: page });
        else if (answer.statusCode === 500) resolve('failed');
        else reject(new Error(`status ${answer.statusCode}`));
      });
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', reject);
  });
}
