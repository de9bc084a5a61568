import * as schemas from '@aws-sdk/client-sts';
import { partitionOf } from '../../../shared/aws/arn';
import type { Service } from './service';

/** STS: who the caller is. */
export const createSts = ({ account, region }: { account: string; region: string }): Service => ({
  name: 'sts',
  protocol: { query: { version: '2011-06-15' } },
  schemas,
  operations: {
    GetCallerIdentity: (): schemas.GetCallerIdentityResponse => ({
      UserId: 'AROAEXAMPLE:session',
      Account: account,
      Arn: `arn:${partitionOf(region)}:sts::${account}:assumed-role/workflow/session`,
    }),
  },
});
