import { columnOf, type Edit } from './edits';
import { loginsIn } from './github-login';
import { startOf, type YamlFile } from './nodes';

/** What the client of AWS reads from the environment. */
const ofAws =
  /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|(?:DEFAULT_)?(?:PROFILE|REGION)|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_\w+|WEB_IDENTITY_TOKEN_FILE|ENDPOINT_URL\w*|CA_BUNDLE|STS_\w+|USE_\w+|CONTAINER_\w+)$/;
/** What builders of images read there. All other variables of a step are its script's own. */
const ofBuilder =
  /^(?:DOCKER_(?:HOST|CONTEXT|CONFIG|TLS_VERIFY|CERT_PATH|DEFAULT_PLATFORM|API_VERSION)|BUILDX_\w+|SOURCE_DATE_EPOCH|(?:https?|no|all)_proxy)$/i;

type Variables = ReadonlyMap<string, string>;

/**
 * The variables that a step of build-and-push needs in place of the steps: those of the builder, and of AWS those of the login
 * to ECR. The steps have some of AWS too, which matter where they log in by themselves.
 */
export function neededVariables(
  file: YamlFile,
  { steps, run, logsIn }: { readonly steps: unknown; readonly run: readonly unknown[]; readonly logsIn: boolean },
): Variables {
  const own = run.flatMap((step) => [...variablesIn(file, step, ofBuilder), ...variablesIn(file, step, ofAws)]);
  const kept = own.filter(([name]) => logsIn || !ofAws.test(name));
  return new Map([...loginVariables(file, steps), ...kept]);
}

/** The variables of AWS of the logins to ECR. */
export const loginVariables = (file: YamlFile, steps: unknown): Variables =>
  new Map(loginsIn(file, steps).flatMap((login) => variablesIn(file, login, ofAws)));

/** The variables of a step, each as its line is written. */
const variablesIn = (file: YamlFile, step: unknown, wanted: RegExp): [string, string][] =>
  file
    .pairs(file.field(step, 'env'))
    .flatMap(({ name, pair }) =>
      wanted.test(name) ? [[name, `${name}: ${file.text.slice(startOf(pair.value), file.endOf(pair))}`]] : [],
    );

export const environmentLines = (variables: Variables): string[] =>
  variables.size === 0 ? [] : ['env:', ...[...variables.values()].map((line) => `  ${line}`)];

/** Gives a step that stays as it is otherwise the variables that it lacks; undefined where its form does not allow it. */
export function addVariables(file: YamlFile, step: unknown, variables: Variables): Edit[] | undefined {
  if (variables.size === 0) return [];
  const env = file.pairs(file.field(step, 'env'));
  const missing = new Map([...variables].filter(([name]) => !env.some((one) => one.name === name)));
  if (missing.size === 0) return [];
  const place = env[0]?.pair.key ?? file.pair(step, 'uses')!.key;
  const holder = env.length > 0 ? file.field(step, 'env') : step;
  if (file.text[startOf(holder)] === '{') return undefined;
  const lines = env.length > 0 ? [...missing.values()] : environmentLines(missing);
  const [at, indent] = [startOf(place), ' '.repeat(columnOf(file.text, startOf(place)))];
  return [{ from: at, to: at, text: lines.map((line) => `${line}\n${indent}`).join('') }];
}
