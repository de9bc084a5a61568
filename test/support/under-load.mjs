/**
 * Runs tests again and again on one processor that somebody else keeps busy (`npm run test:load -- RUNS PATH …`): a test that
 * depends on how busy the machine is fails here sooner or later. Linux only, as it pins with `taskset`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const [count = '20', ...paths] = process.argv.slice(2);
const runs = Number(count);
if (!Number.isInteger(runs) || runs < 1) {
  console.error('usage: npm run test:load -- [RUNS [PATH …]]');
  process.exit(2);
}
const tests = paths.length > 0 ? paths : ['test/scenarios/deploy', 'test/unit/deploy', 'test/e2e/deploy'];
const pinned = (command, words, stdio) => spawn('taskset', ['-c', '0', command, ...words], { stdio });

const rival = pinned(process.execPath, ['-e', 'for (;;);'], 'ignore');
rival.on('error', ({ message }) => {
  console.error(`cannot pin to a processor: ${message}; install taskset (util-linux)`);
  process.exit(1);
});
let run;
process.on('exit', () => {
  rival.kill('SIGKILL');
  run?.kill();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

let failed = 0;
for (let nth = 1; nth <= runs; nth++) {
  const begun = Date.now();
  run = pinned(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--ci', '--silent', '-w', '1', ...tests],
    ['ignore', 'inherit', 'inherit'],
  );
  const [status] = await once(run, 'exit');
  if (status !== 0) failed++;
  console.log(
    `run ${nth} of ${runs}: ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - begun) / 1_000)} s`,
  );
}
console.log(`${runs - failed} of ${runs} runs passed`);
// The rival would keep this process alive.
process.exit(failed > 0 ? 1 : 0);
