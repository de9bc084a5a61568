/**
 * Runs tests again and again on one processor that somebody else keeps busy (`npm run test:load -- RUNS PATH …`): a test that
 * depends on how busy the machine is fails here sooner or later. Linux only, as it pins with `taskset`.
 */
import { spawn, spawnSync } from 'node:child_process';

const [count = '20', ...paths] = process.argv.slice(2);
const runs = Number(count);
if (!Number.isInteger(runs) || runs < 1) {
  console.error('usage: npm run test:load -- [RUNS [PATH …]]');
  process.exit(2);
}
const tests = paths.length > 0 ? paths : ['test/scenarios/deploy', 'test/unit/deploy', 'test/e2e/deploy'];
const pinned = (command, words, options) => spawn('taskset', ['-c', '0', command, ...words], options);

const rival = pinned(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
rival.on('error', ({ message }) => {
  console.error(`cannot pin to a processor: ${message}; install taskset (util-linux)`);
  process.exit(1);
});
process.on('exit', () => rival.kill('SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

let failed = 0;
for (let run = 1; run <= runs; run++) {
  const begun = Date.now();
  const { status } = spawnSync('taskset', ['-c', '0', 'npx', 'jest', '--ci', '--silent', '-w', '1', ...tests], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) failed++;
  console.log(
    `run ${run} of ${runs}: ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - begun) / 1_000)} s`,
  );
}
console.log(`${runs - failed} of ${runs} runs passed`);
process.exitCode = failed > 0 ? 1 : 0;
