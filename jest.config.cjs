/** Packages that keep nothing of a test: to read and compile them for each file of tests took a quarter of the time of all tests. */
const loadedOnce = [
  '@aws-sdk',
  '@smithy',
  '@aws',
  '@babel',
  'esbuild',
  'fast-check',
  'jsonc-parser',
  'picomatch',
  'pure-rand',
  'yaml',
];

/** Type checks run apart (npm run check); tests are only transpiled, by the bundler that also builds the actions. */
const common = {
  testEnvironment: '<rootDir>/test/support/one-realm.cjs',
  transform: { '\\.ts$|/node_modules/.*\\.c?js$': '<rootDir>/test/support/transpile.cjs' },
  transformIgnorePatterns: [`/node_modules/(?!(?:${loadedOnce.join('|')})/)`],
  // js first: the ADK's packages carry their TypeScript sources beside the built files.
  moduleFileExtensions: ['js', 'ts', 'cjs', 'mjs', 'json'],
  modulePathIgnorePatterns: ['<rootDir>/actions/.*/dist/', '<rootDir>/package/'],
};

/** Programs for users that start many processes of their own: `npm start`, and the runner of CodeCatalyst's workflow files. */
const programs = '{start,start-worse,workflow}.test.ts';

/** Files of tests that only the gate runs. */
const forTheGate = ['<rootDir>/test/[^/]+/hostile', '<rootDir>/test/e2e/(?:start|start-worse|workflow)[.]test'];
const withoutThose = { testPathIgnorePatterns: ['/node_modules/', ...forTheGate] };

module.exports = {
  testTimeout: 60_000,
  // Jest leaves one core idle; on two that is half of the machine.
  maxWorkers: '100%',
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'], ...withoutThose },
    // Whole deployments, builds and renders, each in the process of its test.
    { ...common, displayName: 'scenarios', testMatch: ['<rootDir>/test/scenarios/**/*.test.ts'], ...withoutThose },
    // Random deployments on a simulated clock, judged by what really happened.
    { ...common, displayName: 'simulation', testMatch: ['<rootDir>/test/simulation/**/*.test.ts'] },
    // Real bundles in real processes; they need `npm run build`, which `npm ci` has done.
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'], ...withoutThose },
    // Hostile inputs, and machines without room, rights or time: slow by nature, so that the gate runs them and `npm test` does not.
    { ...common, displayName: 'hostile', testMatch: ['<rootDir>/test/*/hostile{-*.test.ts,/**/*.test.ts}'] },
    { ...common, displayName: 'programs', testMatch: [`<rootDir>/test/e2e/${programs}`] },
    // Engines, registries and Node versions that a machine may not have; .ci/run brings them.
    { ...common, displayName: 'machine', testMatch: ['<rootDir>/test/machine/**/*.test.ts'] },
  ],
};
