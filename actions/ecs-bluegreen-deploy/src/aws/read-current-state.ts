import type { DeploymentConfigInfo, DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { RegisterTaskDefinitionRequest, Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { type Finding, InputError } from '../../../../shared/errors';
import type { TaskDefinitionDocument } from '../../../../shared/task-definition/document';
import { readTaskDefinitionSource } from '../../../../shared/task-definition/find';
import { withoutReadOnlyFields } from '../../../../shared/task-definition/read-only-fields';
import { checkTaskDefinition } from '../../../../shared/task-definition/rules/check';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { chosenConfig } from '../plan/deployment-config';
import { readActive, readConfig } from './codedeploy-deployments';
import { findGroup, type Group } from './codedeploy-groups';
import { type EcrImage, ecrImage, readImage } from './ecr';
import { readActiveServiceDeployments, type ServiceDeploymentFound } from './ecs-deployments';
import { type Revision, readRevision, readRevisionIfAllowed } from './ecs-revisions';
import { readService, runningRevision } from './ecs-service';
import { foundIn, type Look } from './reads';

/** Everything that the decision is made from. Nothing was changed to get it. */
export interface Situation {
  readonly service: Look<Service>;
  readonly wanted: Wanted;
  /** The revision that takes the traffic now. */
  readonly running: Look<Revision>;
  /** The latest revision of the wanted family, where the wanted one comes from a file. */
  readonly latest: Look<Revision>;
  /** The images of the wanted containers that are in ECR. */
  readonly images: readonly { readonly image: string; readonly look: Look<string> }[];
  /** What the deployments of its controller are like; undefined where there is no such service, or no way to deploy. */
  readonly under: CodeDeploySituation | EcsSituation | undefined;
}

/** What is asked to be deployed: a file to register, or a revision as it is. */
export type Wanted =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly request: RegisterTaskDefinitionRequest;
      readonly errors: readonly Finding[];
      readonly notices: readonly string[];
    }
  | { readonly kind: 'revision'; readonly name: string; readonly look: Look<Revision> };

export interface CodeDeploySituation {
  readonly controller: 'CODE_DEPLOY';
  readonly group: Look<Group>;
  /** The configuration that will be used: the one given, else the group's. */
  readonly config: Look<DeploymentConfigInfo>;
  readonly active: Look<readonly DeploymentInfo[]>;
}

export interface EcsSituation {
  readonly controller: 'ECS';
  readonly active: Look<readonly ServiceDeploymentFound[]>;
}

/** Gives the clients of a region. */
export type AwsOf = (region: string) => Aws;

/** Reads everything, as far as the role may. @throws errors of AWS for what a decision needs */
export async function observe(request: Request, files: Files, awsOf: AwsOf, signal: AbortSignal): Promise<Situation> {
  const aws = awsOf(request.region);
  const service = await readService(aws, request);
  const wanted = await readWanted(aws, files.taskDefinition, signal);
  const current = foundIn(service);
  const runningName = current && runningRevision(current);
  const family = wanted.kind === 'file' && wanted.errors.length === 0 ? wanted.request.family : undefined;
  const [running, latest, images, under] = await Promise.all([
    runningName ? readRevisionIfAllowed(aws, runningName) : notThere('the service runs nothing'),
    family ? readRevisionIfAllowed(aws, family) : notThere('not asked for'),
    Promise.all(
      imagesOf(wanted).map(async (image) => ({
        image: image.image,
        look: await readImage(awsOf(image.region), image),
      })),
    ),
    current && observeController(aws, request, current),
  ]);
  return { service, wanted, running, latest, images, under };
}

const notThere = async (missing: string): Promise<Look<never>> => ({ missing });

async function readWanted(aws: Aws, from: Files['taskDefinition'], signal: AbortSignal): Promise<Wanted> {
  if ('revision' in from)
    return { kind: 'revision', name: from.revision, look: await readRevision(aws, from.revision) };
  return readWantedFile(from, signal);
}

async function readWantedFile(
  { name, path }: { readonly name: string; readonly path: string },
  signal: AbortSignal,
): Promise<Wanted> {
  let document: TaskDefinitionDocument;
  try {
    document = await readTaskDefinitionSource(path, name, signal);
  } catch (error) {
    // Told together with whatever else is wrong.
    if (!(error instanceof InputError)) throw error;
    return { kind: 'file', name, request: unreadable, errors: error.findings, notices: [] };
  }
  const { errors, warnings } = checkTaskDefinition(document);
  const notices = [...document.notices, ...warnings.map(({ where, problem }) => `${where}: ${problem}`)];
  const request = withoutReadOnlyFields(document.value) as unknown as RegisterTaskDefinitionRequest;
  return { kind: 'file', name, request, errors, notices };
}

const unreadable: RegisterTaskDefinitionRequest = { family: undefined, containerDefinitions: undefined };

/** The task definition that will run; undefined where it is not there. */
export const wantedTaskDefinition = (wanted: Wanted) =>
  wanted.kind === 'file' ? wanted.request : foundIn(wanted.look)?.taskDefinition;

function imagesOf(wanted: Wanted): EcrImage[] {
  if (wanted.kind === 'file' && wanted.errors.length > 0) return [];
  const names = (wantedTaskDefinition(wanted)?.containerDefinitions ?? []).map(({ image }) => image ?? '');
  return [...new Set(names)].flatMap((name) => ecrImage(name) ?? []);
}

async function observeController(aws: Aws, request: Request, service: Service): Promise<Situation['under']> {
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller === 'CODE_DEPLOY') return observeCodeDeploy(aws, request);
  if (controller !== 'ECS') return undefined;
  return { controller, active: await readActiveServiceDeployments(aws, request) };
}

async function observeCodeDeploy(aws: Aws, request: Request): Promise<CodeDeploySituation> {
  const { inputs, cluster, service } = request;
  const application = inputs['codedeploy-application'];
  const group = await findGroup(aws, { cluster, service, application, group: inputs['codedeploy-deployment-group'] });
  const found = foundIn(group);
  const configName = chosenConfig(request) ?? found?.info.deploymentConfigName;
  const [config, active] = await Promise.all([
    configName ? readConfig(aws, configName) : notThere('no deployment configuration is set'),
    found ? readActive(aws, found) : notThere('there is no group'),
  ]);
  return { controller: 'CODE_DEPLOY', group, config, active };
}
