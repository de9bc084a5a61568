import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { regionOf, withProfileRegion } from '../../../shared/host/profile';

const home = mkdtempSync(join(tmpdir(), 'home-'));
const config = `# mine
[default]
region = eu-west-1 ; near

[profile prod]
s3 =
  region = us-east-1
region=us-west-2
[profile "two words"]
region = ap-south-1
`;
beforeAll(() => {
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws/config'), config);
  writeFileSync(join(home, '.aws/credentials'), '[old]\nregion = sa-east-1\n');
  writeFileSync(join(home, 'other'), '[default]\r\nregion = eu-north-1\r\n');
});
afterAll(() => rmSync(home, { recursive: true }));

describe('the region of a profile', () => {
  it.each<[Record<string, string>, string | undefined]>([
    [{}, 'eu-west-1'],
    [{ AWS_PROFILE: 'prod' }, 'us-west-2'],
    [{ AWS_PROFILE: 'two words' }, 'ap-south-1'],
    [{ AWS_PROFILE: 'old' }, 'sa-east-1'],
    [{ AWS_PROFILE: 'nobody' }, undefined],
    [{ AWS_CONFIG_FILE: join(home, 'other') }, 'eu-north-1'],
    [{ AWS_CONFIG_FILE: join(home, 'missing') }, undefined],
    [{ AWS_REGION: 'us-east-2' }, 'us-east-2'],
    [{ AWS_DEFAULT_REGION: 'us-east-2', AWS_PROFILE: 'prod' }, undefined],
  ])('with %j is %s', (env, region) => {
    expect(withProfileRegion({ HOME: home, ...env })['AWS_REGION']).toBe(region);
  });

  it('is none without a home, and none of another section', () => {
    expect(withProfileRegion({})).toEqual({});
    expect(regionOf('region = us-east-1\n[profile x]\n', ['profile x'])).toBeUndefined();
  });
});
