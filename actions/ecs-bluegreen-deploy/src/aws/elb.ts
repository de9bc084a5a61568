import type { DescribeTargetHealthOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../../../../shared/aws/clients';
import { foundIn } from '../plan/current-state';
import { leaving, type Target, type TargetGroup } from '../plan/serving';
import { grouped, nameTargetGroups, oneLine, oneName } from '../text';
import { readOrMissing } from './reads';

/** A target group takes 1,000 (quota of Elastic Load Balancing). */
const mostTargets = 1_000;

/** The targets of a target group that are not healthy, with the reason. */
export async function readUnhealthyTargets(aws: Aws, targetGroup: string | undefined): Promise<string[]> {
  if (!targetGroup) return [];
  const elb = await aws.elb();
  const { TargetGroups = [] } = await elb.describeTargetGroups({ Names: [targetGroup] });
  const arn = TargetGroups[0]?.TargetGroupArn;
  if (!arn) return [];
  const { TargetHealthDescriptions = [] } = await elb.describeTargetHealth({ TargetGroupArn: arn });
  const unhealthy = TargetHealthDescriptions.slice(0, mostTargets).filter(
    ({ TargetHealth }) => TargetHealth?.State === 'unhealthy',
  );
  return grouped(
    unhealthy.map(
      ({ TargetHealth: { Reason = 'no reason', Description = '' } = {} }) =>
        `unhealthy in ${targetGroup}: ${oneName(Reason)}${Description ? ` (${oneLine(Description)})` : ''}`,
    ),
  );
}

/** The targets of these target groups, in the words of the load balancer; those of one that was deleted are undefined. */
export async function readTargets(aws: Aws, targetGroups: readonly string[]): Promise<TargetGroup[]> {
  if (targetGroups.length === 0) return [];
  const elb = await aws.elb();
  return Promise.all(
    targetGroups.map(async (TargetGroupArn) => {
      const health = await readOrMissing(() => elb.describeTargetHealth({ TargetGroupArn }), {
        TargetGroupNotFoundException: 'it does not exist',
      });
      const found = foundIn(health);
      return { name: oneName(nameTargetGroups(TargetGroupArn)), targets: found && targetsIn(found) };
    }),
  );
}

const targetsIn = ({ TargetHealthDescriptions = [] }: DescribeTargetHealthOutput): Target[] =>
  TargetHealthDescriptions.slice(0, mostTargets).map(({ TargetHealth: { State, Reason, Description } = {} }) => ({
    state: oneName(State),
    reason: [oneName(Reason), Description ? `(${oneLine(Description)})` : ''].filter(Boolean).join(' '),
  }));

/** Whether each of these target groups has this many targets, and all that are not draining are healthy. */
export async function areTargetsHealthy(aws: Aws, targetGroups: readonly string[], count: number): Promise<boolean> {
  const elb = await aws.elb();
  const states = await Promise.all(
    targetGroups.map(async (TargetGroupArn) => {
      const { TargetHealthDescriptions = [] } = await elb.describeTargetHealth({ TargetGroupArn });
      return TargetHealthDescriptions.flatMap(({ TargetHealth }) => TargetHealth?.State ?? []);
    }),
  );
  return states.every((group) => {
    const staying = group.filter((state) => !leaving.has(state));
    return staying.length >= count && staying.every((state) => state === 'healthy');
  });
}
