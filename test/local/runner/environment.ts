import { devNull } from 'node:os';
import type { Action } from './model';
import type { ActionFolders } from './workspace';

export type Variables = Readonly<Record<string, string>>;

/** What of this machine every action sees: where its programs, engines and proxies are. */
export const machineVariables = (env: NodeJS.ProcessEnv): Variables =>
  pick(env, [
    'PATH',
    'HOME',
    'XDG_RUNTIME_DIR',
    ...['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_CONTEXT', 'BUILDX_BUILDER'],
    'NODE_EXTRA_CA_CERTS',
    ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  ]);

/** Keeps the user's own credentials, which the SDK would find by itself, from an action that is to have none of them. */
export const noCredentials: Variables = {
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
};

const credentials = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CA_BUNDLE',
];

/**
 * The credentials of the user who runs a workflow against a real account, and where AWS is for them. CodeCatalyst gives no
 * region.
 */
export const ownCredentials = (env: NodeJS.ProcessEnv): Variables =>
  pick(env, [...credentials, ...Object.keys(env).filter((name) => /^AWS_(CONTAINER_|ENDPOINT_URL)/.test(name))]);

/** What CodeCatalyst sets for an action. */
export function catalystVariables(action: Action, folders: ActionFolders): Variables {
  const inputs = Object.entries(folders.inputs).map(([name, folder]) => [`CATALYST_SOURCE_DIR_${name}`, folder]);
  const { work } = action;
  return {
    ...Object.fromEntries(inputs),
    ...(work.kind === 'program' && { CATALYST_SOURCE_DIR_CawsCustomActionSource: work.manifest.folder }),
    CATALYST_DEFAULT_DIR: folders.working,
    CATALYST_WORKFLOW_SPACE_NAME: 'local',
    CATALYST_WORKFLOW_SPACE_ID: '-',
    CATALYST_WORKFLOW_PROJECT_NAME: 'local',
    CATALYST_WORKFLOW_PROJECT_ID: '-',
    CI: 'true',
    TMPDIR: folders.temp,
  };
}

/** The inputs of a program: what the workflow gives, else the manifest's default, else empty. */
export function inputVariables(inputs: Readonly<Record<string, { default: string }>>, given: Variables): Variables {
  const values = Object.entries(inputs).map(([name, input]) => [
    `INPUT_${name.toUpperCase()}`,
    given[name] ?? input.default,
  ]);
  return Object.fromEntries(values);
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Variables {
  const found = names.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return Object.fromEntries(found);
}
