/** Variables in which AWS, the runners and their registries hand a credential to an action. */
const known: ReadonlySet<string> = new Set([
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_BEARER_TOKEN_BEDROCK',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_ENTERPRISE_TOKEN',
  'GH_ENTERPRISE_TOKEN',
  'GITHUB_PAT',
  'GITEA_TOKEN',
  'GITLAB_TOKEN',
  'NPM_TOKEN',
  'NODE_AUTH_TOKEN',
  'SYSTEM_ACCESSTOKEN',
  'BUILDKITE_AGENT_ACCESS_TOKEN',
  'BITBUCKET_STEP_OIDC_TOKEN',
  'CIRCLE_OIDC_TOKEN',
  'CIRCLE_OIDC_TOKEN_V2',
  'DRONE_NETRC_PASSWORD',
  'DOCKER_PASSWORD',
]);

/** The runners' own: `ACTIONS_RUNTIME_TOKEN`, `CI_JOB_TOKEN`, `CI_REGISTRY_PASSWORD`, and those that are yet to come. */
const telling = /^(?:CATALYST|ACTIONS|CI)_(?:.*_)?(?:[A-Z]*TOKEN|[A-Z]*SECRET|[A-Z]*PASSWORD|[A-Z]*KEY|JWT|JWT_V\d)$/;
/** Checked first: where there is no variable of a runner, V8 need not compile the pattern. */
const ofRunners = ['CATALYST_', 'ACTIONS_', 'CI_'];
/** Keys that open nothing, and that images are named by. */
const harmless = /(?:CACHE|PUBLIC|PROJECT|ISSUE|JOB|PIPELINE|BUILD)_?KEY$/;

/** Addresses that may hold a password. */
const addresses: readonly string[] = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'CI_REPOSITORY_URL'];

/** A shorter value may be part of anything. */
const shortest = 8;
/** Words such as `embedded` and `localstack` stand in for a credential where none is needed, and in names of images. */
const placeholder = /^(?:[A-Z]?[a-z]+|[A-Z]+)$/;
const longestPlaceholder = 15;

/** The credentials that the environment of a run holds. Too short values and plain words are none. */
export function credentialsOf(env: Readonly<NodeJS.ProcessEnv>): string[] {
  const values = Object.entries(env).flatMap(([name, value = '']) => {
    const key = name.toUpperCase();
    const isOfRunner = ofRunners.some((start) => key.startsWith(start));
    if (known.has(key) || (isOfRunner && telling.test(key) && !harmless.test(key))) return [value];
    return addresses.includes(key) ? passwordsOf(value) : [];
  });
  return values.map((value) => value.trim()).filter(isCredential);
}

const isCredential = (value: string) =>
  value.length >= shortest && !(value.length <= longestPlaceholder && placeholder.test(value));

/** As it is written in an address, and what it stands for. */
function passwordsOf(address: string): string[] {
  const [, written] = /^[a-z]+:\/\/[^/@:]*:([^/@]*)@/i.exec(address) ?? [];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
