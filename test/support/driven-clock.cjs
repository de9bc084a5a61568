/**
 * Preload for real processes (`node --require`): sleeps of the actions drive the clock of the embedded AWS at
 * EMBEDDED_CLOCK_URL instead of waiting, and the date follows that clock. Timers of the SDK stay real: the actions sleep
 * through `timers/promises` only.
 */
const { execFileSync } = require('node:child_process');
const http = require('node:http');
const timers = require('node:timers/promises');

const url = process.env.EMBEDDED_CLOCK_URL;
const RealDate = Date;
let now = askForNow();

timers.setTimeout = (ms = 0, value = undefined, { signal } = {}) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const request = http.request(`${url}/_control/advance`, { method: 'POST', agent: false });
    const end = (settle) => (result) => {
      signal?.removeEventListener('abort', stop);
      settle(result);
    };
    const stop = () => {
      request.destroy();
      end(reject)(aborted(signal));
    };
    signal?.addEventListener('abort', stop, { once: true });
    request.on('error', end(reject));
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('error', end(reject)).on('end', () => {
        now = JSON.parse(text).now;
        end(resolve)(value);
      });
    });
    request.end(JSON.stringify({ ms }));
  });

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, wanted) => Reflect.construct(target, args.length > 0 ? args : [now], wanted),
  apply: () => new RealDate(now).toString(),
  get: (target, name) => (name === 'now' ? () => now : Reflect.get(target, name)),
});

Object.defineProperties(performance, { timeOrigin: { value: 0 }, now: { value: () => now } });

/** As Node's own timers reject. */
function aborted({ reason }) {
  const error = new Error('The operation was aborted', { cause: reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** The time must be known before the first line of the program runs, so another process asks for it. */
function askForNow() {
  const ask = `require('http').get(process.argv[1], (answer) => answer.pipe(process.stdout))`;
  const { NODE_OPTIONS: _, ...env } = process.env;
  return JSON.parse(execFileSync(process.execPath, ['-e', ask, `${url}/_control/now`], { env, encoding: 'utf8' })).now;
}
