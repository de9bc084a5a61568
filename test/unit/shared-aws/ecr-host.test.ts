import { describe, expect, it } from '@jest/globals';
import { isAwsHost, parseEcrHost, readEcrHost } from '../../../shared/aws/arn';

const account = '111122223333';

describe('a registry host of ECR', () => {
  it.each([
    ['dkr.ecr.us-west-2.amazonaws.com', 'us-west-2'],
    ['dkr.ecr-fips.us-east-1.amazonaws.com', 'us-east-1'],
    ['dkr-ecr.us-east-1.on.aws', 'us-east-1'],
    ['dkr-ecr-fips.us-east-1.on.aws', 'us-east-1'],
    ['dkr.ecr.ap-southeast-3.amazonaws.com', 'ap-southeast-3'],
    ['dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn', 'cn-northwest-1'],
    ['dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['dkr-ecr.us-gov-east-1.on.aws', 'us-gov-east-1'],
    ['dkr.ecr.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
    ['dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu', 'eusc-de-east-1'],
    ['dkr.ecr.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
    ['dkr.ecr.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
    ['dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk', 'eu-isoe-west-1'],
    ['dkr.ecr.us-isof-south-1.csp.hci.ic.gov', 'us-isof-south-1'],
    ['vpce-0123456789abcdef0-abcd1234.dkr.ecr.us-west-2.vpce.amazonaws.com', 'us-west-2'],
    ['DKR.ECR.us-west-2.AmazonAWS.com', 'us-west-2'],
  ])('%s', (rest, region) => {
    expect(parseEcrHost(`${account}.${rest}`)).toEqual({ account, region });
  });

  it.each([
    ['vpce-0123456789abcdef0-abcd1234.dkr.ecr.us-west-2.vpce.amazonaws.com', 'us-west-2'],
    ['vpce-0123456789abcdef0-abcd1234-us-west-2a.dkr.ecr.us-west-2.vpce.amazonaws.com', 'us-west-2'],
    ['vpce-0a-1b.dkr.ecr-fips.us-gov-west-1.vpce.amazonaws.com', 'us-gov-west-1'],
    ['vpce-0a-1b.dkr.ecr.cn-north-1.vpce.amazonaws.com.cn', 'cn-north-1'],
    ['vpce-0a-1b.dkr.ecr.us-iso-east-1.vpce.c2s.ic.gov', 'us-iso-east-1'],
  ])('%s, without an account', (host, region) => {
    expect(readEcrHost(host)).toEqual({ region });
    expect(parseEcrHost(host)).toBeUndefined();
  });
});

describe('no registry host of ECR', () => {
  it.each([
    'abc123.execute-api.us-east-1.amazonaws.com',
    'abc123.lambda-url.us-east-1.on.aws',
    'my-lb-123.us-east-1.elb.amazonaws.com',
    'ec2-1-2-3-4.compute-1.amazonaws.com',
    'bucket.s3.us-east-1.amazonaws.com',
    `${account}.dkr.ecr.us-east-1.amazonaws.com.evil.com`,
    `evil.dkr.ecr.us-east-1.amazonaws.com`,
    `evil.${account}.dkr.ecr.us-east-1.amazonaws.com`,
    `${account}.dkr.ecr.us-east-1.evil.com`,
    `${account}.dkr.ecr.evil.amazonaws.com`,
    `${account}.dkr.ecr.us-east-1.elb.amazonaws.com`,
    `${account}.dkr.ecr.us-east-1.on.aws`,
    `${account}.dkr-ecr.us-east-1.amazonaws.com`,
    `${account}.dkr.ecr.cn-north-1.amazonaws.com`,
    `${account}.dkr.ecr.us-east-1.amazonaws.com.`,
    `${account}.dkr.ecr.us-east-1.amazonaws.com:443`,
    `${account}.dkr.ecr.us-east-1.amazonaws.com@evil.com`,
    `1${account}.dkr.ecr.us-east-1.amazonaws.com`,
    'dkr.ecr.us-east-1.amazonaws.com',
    'x.vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com',
    'vpce-0a-1b.vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com',
    'vpce-svc-0a.dkr.ecr.us-east-1.vpce.amazonaws.com',
    'vpce-0a-1b.api.ecr.us-east-1.vpce.amazonaws.com',
    'vpce-0a-1b.dkr.ecr.us-east-1.amazonaws.com',
    `${account}.dkr.ecr.us-east-1.vpce.amazonaws.com`,
    'vpce-0a-1b.dkr-ecr.us-east-1.vpce.on.aws',
    'public.ecr.aws',
    `${'1'.repeat(250)}.dkr.ecr.us-east-1.amazonaws.com`,
  ])('%s', (host) => {
    expect(readEcrHost(host)).toBeUndefined();
  });
});

it.each([
  ['abc.execute-api.us-east-1.amazonaws.com', true],
  ['x.lambda-url.us-east-1.on.aws', true],
  ['ecr.us-east-1.api.aws', true],
  ['vpce-1.api.ecr.us-iso-east-1.vpce.c2s.ic.gov', true],
  ['notamazonaws.com', false],
  ['amazonaws.com.evil.com', false],
])('%s is a host of AWS: %s', (host, is) => {
  expect(isAwsHost(host)).toBe(is);
});
