import type { Deployment, Service, ServiceRevision, Task, TaskSet } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { foundIn, type ReadResult, type RunningTask, type ServiceNames } from '../plan/current-state';
import { createdApart } from '../plan/ecs-lifecycle';
import { leftBehind } from '../plan/health';
import { readServiceRevisions } from './ecs-deployments';
import { readIfAllowed, readPages } from './reads';

/** DescribeTasks takes 100; of a larger service, the first ones represent all. */
const most = 100;

/**
 * The digests of the images that the tasks of a service run. Where no task of a deployment can be seen, as in a crash loop or without the
 * right to, those with which it was begun: ECS keeps to them for all tasks of a deployment.
 */
export async function readRunningImages(
  aws: Aws,
  names: ServiceNames,
  service: Service,
): Promise<ReadResult<readonly RunningTask[]>> {
  const left = leftBehind(service);
  const tasks = await readIfAllowed(() => readTasks(aws, { ...names, left, desiredStatus: 'RUNNING' }));
  const seen = foundIn(tasks) ?? [];
  const { taskSets = [], deployments = [] } = service;
  const begun: readonly Begun[] = [...taskSets, ...deployments].filter(({ id = '' }) => !left.has(id));
  const hidden = begun.filter((one) => !seen.some((task) => hasDigest(task) && isTaskOf(task, one)));
  if (hidden.length === 0) return tasks;
  const further =
    (await readDeployedImages(aws, service)) ?? (await readStoppedImages(aws, { ...names, left }, hidden));
  if (further.length === 0) return tasks;
  const isTold = ({ revision }: RunningTask) => further.some((one) => one.revision === revision);
  return { found: [...seen.filter((task) => hasDigest(task) || !isTold(task)), ...further] };
}

/** A task set, or a deployment of the service. */
type Begun = Pick<Deployment & TaskSet, 'taskDefinition' | 'createdAt'> &
  Partial<Pick<TaskSet, 'computedDesiredCount'>>;

const isTaskOf = (task: RunningTask, { taskDefinition, createdAt }: Begun) =>
  task.revision === taskDefinition && task.startedAt >= (createdAt?.getTime() ?? 0);

const hasDigest = ({ images }: RunningTask) => images.some(({ digest }) => digest !== undefined);

/** What the service revisions say; undefined where there are none, or where the role may not read them. */
async function readDeployedImages(aws: Aws, service: Service): Promise<RunningTask[] | undefined> {
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  if (arns.length === 0) return undefined;
  return foundIn(await readIfAllowed(() => readServiceRevisions(aws, arns)))?.map(deployedImages);
}

/** A revision is created a second or two before the deployment of it, whose tasks these stand for (example of the AWS CLI). */
const deployedImages = ({ taskDefinition, createdAt, containerImages = [] }: ServiceRevision): RunningTask => ({
  revision: taskDefinition,
  startedAt: createdAt ? createdAt.getTime() + createdApart : 0,
  images: containerImages.map(({ containerName = '', imageDigest: digest }) => ({ container: containerName, digest })),
});

/** What the newest task ran that has stopped, of each that wants tasks: CodeDeploy has no service revisions. */
async function readStoppedImages(
  aws: Aws,
  query: Omit<TasksAsked, 'desiredStatus'>,
  hidden: readonly Begun[],
): Promise<RunningTask[]> {
  const crashing = hidden.filter(({ computedDesiredCount }) => (computedDesiredCount ?? 0) > 0);
  if (crashing.length === 0) return [];
  const stopped = foundIn(await readIfAllowed(() => readTasks(aws, { ...query, desiredStatus: 'STOPPED' }))) ?? [];
  return crashing.flatMap((one) => {
    const its = stopped.filter((task) => hasDigest(task) && isTaskOf(task, one));
    return its.sort((a, b) => b.startedAt - a.startedAt).slice(0, 1);
  });
}

interface TasksAsked extends ServiceNames {
  /** Ids of what is left behind, whose tasks say nothing. */
  readonly left: ReadonlySet<string>;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
}

async function readTasks(aws: Aws, { cluster, service, left, desiredStatus }: TasksAsked): Promise<RunningTask[]> {
  const ecs = await aws.ecs();
  const query = { cluster, serviceName: service, desiredStatus };
  const taskArns = await readPages(most, async (nextToken) => {
    const { taskArns: items, ...page } = await ecs.listTasks({ ...query, nextToken });
    return { items, nextToken: page.nextToken };
  });
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: taskArns.slice(0, most) });
  const serving = tasks.filter(({ startedBy = '' }) => !left.has(startedBy));
  return serving.filter(hasImages).map(({ taskDefinitionArn, createdAt, containers = [] }) => ({
    revision: taskDefinitionArn,
    startedAt: createdAt?.getTime() ?? 0,
    images: containers.map(({ name = '', imageDigest: digest }) => ({ container: name, digest })),
  }));
}

const starting = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING']);

/** A task that is just being started may have no digests yet: it says nothing about what runs. */
const hasImages = ({ lastStatus = '', containers = [] }: Task) =>
  !starting.has(lastStatus) || containers.some(({ imageDigest }) => imageDigest !== undefined);
