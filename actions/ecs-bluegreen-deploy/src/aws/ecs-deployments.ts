import type { Service, ServiceDeploymentBrief, ServiceDeploymentStatus, ServiceRevision } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { type Look, lookUpIfAllowed } from './reads';

/** A service by its names. */
export interface ServiceNames {
  readonly cluster: string;
  readonly service: string;
}

/** A service deployment, and what it deploys. */
export interface ServiceDeploymentFound {
  /** Its ARN; where the role may not list them, the id of the service's deployment. */
  readonly id: string;
  readonly status: ServiceDeploymentStatus;
  /** Milliseconds since the epoch, by the clock of AWS. */
  readonly createdAt: number;
  readonly taskDefinition: string | undefined;
}

/** Whether it is the id of a service deployment; those of the service's deployments are no ARNs. */
export const isArn = (id: string): boolean => id.startsWith('arn:');

export const activeStatuses: readonly ServiceDeploymentStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

/** The service deployments that are on their way. */
export const readActiveServiceDeployments = (
  aws: Aws,
  names: ServiceNames,
): Promise<Look<readonly ServiceDeploymentFound[]>> =>
  lookUpIfAllowed(() => listServiceDeployments(aws, names, { status: [...activeStatuses] }));

/** The service deployments that were created after a time (milliseconds), whatever became of them. */
export const readServiceDeploymentsSince = (
  aws: Aws,
  names: ServiceNames,
  after: number,
): Promise<Look<readonly ServiceDeploymentFound[]>> =>
  lookUpIfAllowed(() => listServiceDeployments(aws, names, { createdAt: { after: new Date(after) } }));

async function listServiceDeployments(
  aws: Aws,
  { cluster, service }: ServiceNames,
  filter: { status?: ServiceDeploymentStatus[]; createdAt?: { after: Date } },
): Promise<ServiceDeploymentFound[]> {
  const ecs = await aws.ecs();
  const { serviceDeployments = [] } = await ecs.listServiceDeployments({ cluster, service, ...filter });
  const revisions = await readServiceRevisions(
    aws,
    serviceDeployments.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []),
  );
  return serviceDeployments.map((brief) => foundFrom(brief, revisions));
}

const foundFrom = (brief: ServiceDeploymentBrief, revisions: readonly ServiceRevision[]): ServiceDeploymentFound => ({
  id: brief.serviceDeploymentArn ?? '',
  status: brief.status ?? 'PENDING',
  createdAt: brief.createdAt?.getTime() ?? 0,
  taskDefinition: revisions.find(({ serviceRevisionArn: arn }) => arn === brief.targetServiceRevisionArn)
    ?.taskDefinition,
});

/** DescribeServiceRevisions takes 20 ARNs; the newest deployments come first, and older ones do not matter here. */
const most = 20;

/** Service revisions by their ARNs. */
export async function readServiceRevisions(aws: Aws, arns: readonly string[]): Promise<ServiceRevision[]> {
  if (arns.length === 0) return [];
  const ecs = await aws.ecs();
  const { serviceRevisions = [] } = await ecs.describeServiceRevisions({ serviceRevisionArns: arns.slice(0, most) });
  return serviceRevisions;
}

/** What is on its way as far as the service itself tells: for roles that may not list service deployments. Pure. */
export function activeByRollout(service: Service | undefined): ServiceDeploymentFound[] {
  return (service?.deployments ?? [])
    .filter(({ status, rolloutState }) => status === 'PRIMARY' && rolloutState === 'IN_PROGRESS')
    .map(({ id = '', createdAt, taskDefinition }) => ({
      id,
      status: 'IN_PROGRESS',
      createdAt: createdAt?.getTime() ?? 0,
      taskDefinition,
    }));
}
