/**
 * The order of the files of tests where jest knows no times yet, as in a fresh clone: it would begin with the largest file, and at the
 * end wait for a small one that takes long, with the other processors idle.
 */
const { basename } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** Those that take longest for their size. */
const longest = [
  'engines',
  'start',
  'judge',
  'start-worse',
  'tasks',
  'files',
  'workflows',
  'build-registry-faults',
  'simulation',
  'packages',
  'hostile-any-world',
].map((name) => `${name}.test.ts`);

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const place = (test) => {
      const at = longest.indexOf(basename(test.path));
      return at < 0 ? longest.length : at;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
};
