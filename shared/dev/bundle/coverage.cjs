// Loaded before a bundle (see training.mjs): writes which functions of each of its chunks were called.
'use strict';
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const os = require('node:os');

// The same functions are called on a machine with one core, so that the same sources give the same bundle.
os.cpus = () => [{}, {}];
os.availableParallelism = () => 2;

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
function take() {
  // Answered before it returns.
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error) throw error;
    const called = coverage.result.map(({ url, functions }) => [
      url,
      functions
        .filter(({ ranges: [whole] }) => whole.count > 0)
        .map(({ ranges: [{ startOffset, endOffset }] }) => [startOffset, endOffset]),
    ]);
    writeFileSync(process.env.COVERAGE_FILE, JSON.stringify(Object.fromEntries(called)));
  });
}
process.on('exit', take);
// Last of all: a bundle tidies up when its process ends.
process.on('newListener', (event, listener) => {
  if (event === 'exit' && listener !== take) queueMicrotask(() => process.off('exit', take).on('exit', take));
});
