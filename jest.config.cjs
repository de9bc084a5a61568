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

/** Files of tests that take long, by project: the gate runs them, and `npm test` does not. */
const slow = {
  // Programs that start many processes of their own: `npm start`, the runner of workflow files, engines, packages, what documents say.
  programs: 'e2e/{build-docker,build-engines,documents,getting-started,packages,start,start-worse,workflow}.test.ts',
  // Every workflow of the repository and its documents.
  documents: 'scenarios/{document-workflows,github-workflows,migrated-workflows,peer-readmes,workflows}.test.ts',
  // What BuildKit made of some 600 Dockerfiles, and registries that fail in every way.
  builds: 'scenarios/build-{ecr-faults,judged,registry-faults}.test.ts',
  // A wait of six hours.
  waits: 'scenarios/deploy-six-hours.test.ts',
};

/** The pattern of the files that a glob with one list of names stands for. */
const asPattern = (glob) =>
  glob.replace(/\{(.*)\}/, (_, names) => `(?:${names.replaceAll(',', '|')})`).replace('.test.ts', '[.]test[.]ts$');
const forTheGate = [
  '<rootDir>/test/[^/]+/hostile',
  ...Object.values(slow).map((glob) => `<rootDir>/test/${asPattern(glob)}`),
];
const withoutThose = { testPathIgnorePatterns: ['/node_modules/', ...forTheGate] };

module.exports = {
  // Ends what hangs. A machine that is busy is no failure.
  testTimeout: 300_000,
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
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
    ...Object.entries(slow).map(([displayName, glob]) => ({
      ...common,
      displayName,
      testMatch: [`<rootDir>/test/${glob}`],
    })),
    // Engines, registries and Node versions that a machine may not have; .ci/run brings them.
    { ...common, displayName: 'machine', testMatch: ['<rootDir>/test/machine/**/*.test.ts'] },
  ],
};
