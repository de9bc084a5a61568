import type { RegisterTaskDefinitionRequest, Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { InputError } from '../../../../shared/errors';
import type { TaskDefinitionDocument } from '../../../../shared/task-definition/document';
import { readTaskDefinitionSource } from '../../../../shared/task-definition/find';
import { withoutReadOnlyFields } from '../../../../shared/task-definition/read-only-fields';
import { checkTaskDefinition } from '../../../../shared/task-definition/rules/check';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { alarmsInForce } from '../plan/alarms';
import { revisionIn } from '../plan/appspec-content';
import {
  type AlarmState,
  type CodeDeployState,
  type CurrentState,
  type Desired,
  desiredTaskDefinition,
  foundIn,
  type ReadResult,
  type Revision,
} from '../plan/current-state';
import { chosenConfig } from '../plan/deployment-config';
import { revisionsUnderWay, runningRevision } from '../plan/health';
import { taggedImages } from '../plan/images';
import { readAlarms } from './cloudwatch';
import { readActive, readConfig } from './codedeploy-deployments';
import { findGroup } from './codedeploy-groups';
import { type EcrImage, ecrImage, readImage } from './ecr';
import { readActiveServiceDeployments } from './ecs-deployments';
import { readRevision, readRevisionIfAllowed } from './ecs-revisions';
import { readService } from './ecs-service';
import { readRunningImages } from './running-images';

/** Gives the clients of a region. */
export type AwsOf = (region: string) => Aws;

/** Reads everything, as far as the role may. @throws errors of AWS for what a decision needs */
export async function readCurrentState(
  request: Request,
  files: Files,
  awsOf: AwsOf,
  signal: AbortSignal,
): Promise<CurrentState> {
  const aws = awsOf(request.region);
  const service = await readService(aws, request);
  const desired = await readDesired(aws, files.taskDefinition, signal);
  const current = foundIn(service);
  // Deployments before revisions: the revision of each that is seen is there by then, and found.
  const deployments = current && (await readDeployments(aws, request, current));
  const runningName = desired.kind === 'nothing' ? undefined : current && runningRevision(current);
  const [running, underWay, latest, images, alarms] = await Promise.all([
    runningName ? readRevisionIfAllowed(aws, runningName) : notThere('the service runs nothing'),
    desired.kind === 'file' && current ? readUnderWay(aws, { service: current, deployments }, runningName) : [],
    readLatest(aws, desired),
    readImages(awsOf, desired),
    desired.kind === 'nothing' ? notThere('not asked for') : readAlarmsOf(aws, request, { service, deployments }),
  ]);
  const state = { service, desired, running, underWay, latest, images, alarms, deployments, tasks: noTasks };
  const isAsked = taggedImages(state).containers.some(({ now }) => 'found' in now) && mayRunAlready(state);
  return current && isAsked ? { ...state, tasks: await readRunningImages(aws, request, current) } : state;
}

function readAlarmsOf(
  aws: Aws,
  request: Request,
  state: Pick<CurrentState, 'service' | 'deployments'>,
): Promise<ReadResult<readonly AlarmState[]>> {
  const { names } = alarmsInForce(request, state);
  return names.length > 0 ? readAlarms(aws, names) : notThere('there are none');
}

/** The revisions that the service is being given, besides the one that runs. A new deployment of CodeDeploy has no task set yet. */
async function readUnderWay(
  aws: Aws,
  { service, deployments }: { readonly service: Service; readonly deployments: CurrentState['deployments'] },
  running: string | undefined,
): Promise<Revision[]> {
  const active = deployments?.controller === 'CODE_DEPLOY' ? foundIn(deployments.active) : undefined;
  const begun = active?.flatMap((each) => (each.creator === 'user' ? (revisionIn(each) ?? []) : [])) ?? [];
  const names = new Set([...revisionsUnderWay(service, running), ...begun.filter((name) => name !== running)]);
  const revisions = await Promise.all([...names].map((name) => readRevisionIfAllowed(aws, name)));
  return revisions.flatMap((revision) => foundIn(revision) ?? []);
}

const noTasks = { unknown: 'not asked for' };

/** Whether the service runs, or is given, a revision that may be the one that is asked for. */
function mayRunAlready({ service, desired, running, underWay, latest }: CurrentState): boolean {
  const { taskSets = [], deployments = [] } = foundIn(service) ?? {};
  const its = new Set([...taskSets, ...deployments].map(({ taskDefinition }) => taskDefinition));
  const asked =
    desired.kind === 'revision' ? [foundIn(desired.result)] : [foundIn(running), foundIn(latest), ...underWay];
  return asked.some((revision) => revision !== undefined && its.has(revision.arn));
}

/** What is read where no service is deployed. @throws errors of AWS for what a decision needs */
export async function readDesiredState(
  from: Files['taskDefinition'],
  region: string,
  awsOf: AwsOf,
  signal: AbortSignal,
): Promise<Pick<CurrentState, 'desired' | 'latest' | 'images'>> {
  const desired = await readDesired(awsOf(region), from, signal);
  const [latest, images] = await Promise.all([readLatest(awsOf(region), desired), readImages(awsOf, desired)]);
  return { desired, latest, images };
}

function readLatest(aws: Aws, desired: Desired): Promise<ReadResult<Revision>> {
  const family = desired.kind === 'file' && desired.errors.length === 0 ? desired.request.family : undefined;
  return family ? readRevisionIfAllowed(aws, family) : notThere('not asked for');
}

const readImages = (awsOf: AwsOf, desired: Desired) =>
  Promise.all(
    imagesOf(desired).map(async (image) => ({
      image: image.image,
      inEcr: await readImage(awsOf(image.region), image),
    })),
  );

const notThere = async (missing: string): Promise<ReadResult<never>> => ({ missing });

async function readDesired(aws: Aws, from: Files['taskDefinition'], signal: AbortSignal): Promise<Desired> {
  if ('nothing' in from) return { kind: 'nothing' };
  if ('revision' in from)
    return { kind: 'revision', name: from.revision, result: await readRevision(aws, from.revision) };
  return readDesiredFile(from, signal);
}

async function readDesiredFile(
  { name, path }: { readonly name: string; readonly path: string },
  signal: AbortSignal,
): Promise<Desired> {
  let document: TaskDefinitionDocument;
  try {
    document = await readTaskDefinitionSource(path, name, { signal });
  } catch (error) {
    // Reported together with everything else that is wrong.
    if (!(error instanceof InputError)) throw error;
    return { kind: 'file', name, request: unreadable, errors: error.findings, notices: [] };
  }
  const { errors, warnings } = checkTaskDefinition(document);
  const notices = [...document.notices, ...warnings.map(({ where, problem }) => `${where}: ${problem}`)];
  const request = withoutReadOnlyFields(document.value) as unknown as RegisterTaskDefinitionRequest;
  return { kind: 'file', name, request, errors, notices };
}

const unreadable: RegisterTaskDefinitionRequest = { family: undefined, containerDefinitions: undefined };

function imagesOf(desired: Desired): EcrImage[] {
  if (desired.kind === 'file' && desired.errors.length > 0) return [];
  const names = (desiredTaskDefinition(desired)?.containerDefinitions ?? []).map(({ image }) => image ?? '');
  return [...new Set(names)].flatMap((name) => ecrImage(name) ?? []);
}

async function readDeployments(aws: Aws, request: Request, service: Service): Promise<CurrentState['deployments']> {
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller === 'CODE_DEPLOY') return readCodeDeployState(aws, request);
  if (controller !== 'ECS') return undefined;
  return { controller, active: await readActiveServiceDeployments(aws, request) };
}

async function readCodeDeployState(aws: Aws, request: Request): Promise<CodeDeployState> {
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
