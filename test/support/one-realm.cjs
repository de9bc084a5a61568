/**
 * Runs tests with the globals of their process instead of a sandbox's, so that large packages need to be loaded only once for all files
 * of tests, and each look at a global is fast. After each file of tests, the globals are what they were before it.
 */
const vm = require('node:vm');
const { TestEnvironment: NodeEnvironment } = require('jest-environment-node');

/** Stands for the realm of the process where jest asks for one of its own. */
const thisRealm = {};

/** The part of jest that runs tests (of its packages, the only one that uses Node's store). */
const testRunner = require.resolve('jest-circus/runner').replace(/runner\.js$/, 'jestAdapterInit.js');

/**
 * Jest keeps the test that runs in an AsyncLocalStorage, which makes Node follow every promise of the process and each `await` three times
 * as expensive. One test runs at a time here (`test.concurrent` is not used), so this plain variable does as well. Only jest gets it.
 */
class TestStore {
  #store;

  getStore() {
    return this.#store;
  }

  run(store, callback) {
    const before = this.#store;
    const restore = () => {
      this.#store = before;
    };
    this.#store = store;
    let answer;
    try {
      answer = callback();
    } finally {
      if (typeof answer?.then !== 'function') restore();
    }
    return typeof answer?.then === 'function' ? answer.finally(restore) : answer;
  }
}

/** A module of jest that gets the store above in the place of Node's. */
const withTestStore = (compiled) =>
  function (module, exports, load, ...rest) {
    const loadOther = (name) => (name === 'node:async_hooks' ? { AsyncLocalStorage: TestStore } : load(name));
    return compiled.call(this, module, exports, Object.assign(loadOther, load), ...rest);
  };

/** What each module was compiled to, by its file. A call of it makes the module anew, so that all files of tests can share it. */
const compiled = new Map();

const { compileFunction } = vm;
vm.compileFunction = (source, parameters, options) => {
  if (options?.parsingContext !== thisRealm) return compileFunction(source, parameters, options);
  const { filename } = options;
  const before = compiled.get(filename);
  if (before?.source === source) return before.module;
  const plain = compileFunction(source, parameters, { filename });
  const module = filename === testRunner ? withTestStore(plain) : plain;
  compiled.set(filename, { source, module });
  return module;
};

/** What a file of tests may leave changed: jest itself replaces the console and the end of the process. */
const remembered = () => [globalThis, process, Math].map((owner) => [owner, Object.getOwnPropertyDescriptors(owner)]);

function restore(owner, before) {
  for (const name of Reflect.ownKeys(owner)) if (!Object.hasOwn(before, name)) delete owner[name];
  for (const name of Reflect.ownKeys(before)) {
    const now = Object.getOwnPropertyDescriptor(owner, name);
    const was = before[name];
    if (was.configurable && (now?.value !== was.value || now?.get !== was.get)) Object.defineProperty(owner, name, was);
    else if (was.writable && now?.value !== was.value) owner[name] = was.value;
  }
}

/** The variables of the environment are one by one what they were: another object in their place would not be that of the process. */
function restoreEnvironment(before) {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(before, name)) delete process.env[name];
  Object.assign(process.env, before);
}

module.exports = class OneRealm extends NodeEnvironment {
  #before = remembered();
  #environment = { ...process.env };

  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
    const timers = { config: config.projectConfig, global: globalThis };
    this.fakeTimersModern = new this.fakeTimersModern.constructor(timers);
    // What a package that is loaded once for all files of tests is loaded by (see transpile.cjs).
    globalThis[Symbol.for('load-once')] = require;
  }

  getVmContext() {
    return thisRealm;
  }

  async teardown() {
    for (const [owner, before] of this.#before) restore(owner, before);
    restoreEnvironment(this.#environment);
    await super.teardown();
  }
};
