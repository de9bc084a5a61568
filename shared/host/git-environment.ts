/** What git tells its hooks: which repository they work on. Source: git rev-parse --local-env-vars. */
const ofHook =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|PREFIX|NAMESPACE)$/;

/** An environment in which git finds the repository by the folder, although a hook of another one is running. */
export const withoutHook = (env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !ofHook.test(name)));
