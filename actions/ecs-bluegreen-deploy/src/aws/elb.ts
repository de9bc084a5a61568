import type { Aws } from '../../../../shared/aws/clients';
import { oneLine, oneName } from '../text';
import { grouped } from '../watch/group';

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
