import type { Service, ServiceRevision, Task } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { foundIn, type ReadResult, type RunningTask, type ServiceNames } from '../plan/current-state';
import { leftBehind } from '../plan/health';
import { readServiceRevisions } from './ecs-deployments';
import { readIfAllowed } from './effects';

/** DescribeTasks takes 100; of a larger service, the first ones represent all. */
const most = 100;

/**
 * The digests of the images that the tasks of a service run. Where none of a revision's tasks can be seen, as in a crash loop or
 * without the right to, those with which it was deployed: ECS keeps to them for all tasks of a deployment.
 */
export async function readRunningImages(
  aws: Aws,
  names: ServiceNames,
  service: Service,
): Promise<ReadResult<readonly RunningTask[]>> {
  const tasks = await readIfAllowed(() => readTasks(aws, names, leftBehind(service)));
  const seen = foundIn(tasks) ?? [];
  const shown = new Set(seen.filter(({ images }) => images.some(hasDigest)).map(({ revision }) => revision));
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  if (arns.length <= shown.size) return tasks;
  const revisions = await readIfAllowed(() => readServiceRevisions(aws, arns));
  if (!('found' in revisions)) return tasks;
  const isShown = ({ revision }: RunningTask) => shown.has(revision);
  const deployed = revisions.found.map(deployedImages);
  return { found: [...seen.filter(isShown), ...deployed.filter((one) => !isShown(one))] };
}

const hasDigest = ({ digest }: RunningTask['images'][number]) => digest !== undefined;

const deployedImages = ({ taskDefinition, createdAt, containerImages = [] }: ServiceRevision): RunningTask => ({
  revision: taskDefinition,
  startedAt: createdAt?.getTime() ?? 0,
  images: containerImages.map(({ containerName = '', imageDigest: digest }) => ({ container: containerName, digest })),
});

async function readTasks(
  aws: Aws,
  { cluster, service }: ServiceNames,
  left: ReadonlySet<string>,
): Promise<RunningTask[]> {
  const ecs = await aws.ecs();
  const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName: service, desiredStatus: 'RUNNING' });
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
