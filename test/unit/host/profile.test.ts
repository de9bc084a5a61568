import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awsClients } from '../../../shared/aws/clients';
import { findSection, readProfile } from '../../../shared/host/profile';

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
const keysOf = (name: string) => `aws_access_key_id = AKIDOF${name}\naws_secret_access_key = secret\n`;
beforeAll(() => {
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws/config'), config);
  writeFileSync(
    join(home, '.aws/credentials'),
    `[old]\nregion = sa-east-1\n[none]\n${keysOf('NONE')}[prod]\n${keysOf('PROD')}`,
  );
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
    [{ AWS_DEFAULT_PROFILE: 'prod' }, 'us-west-2'],
    [{ AWS_DEFAULT_PROFILE: 'prod', AWS_PROFILE: 'old' }, 'sa-east-1'],
  ])('with %j is %s', (env, region) => {
    expect(readProfile({ HOME: home, ...env }).env['AWS_REGION']).toBe(region);
  });

  it('is none without a home, and none of another section', () => {
    expect(readProfile({})).toEqual({ env: {}, credentials: {} });
    expect(findSection('region = us-east-1\n[profile x]\n', ['profile x'])).toEqual({});
    expect(findSection('region = us-east-1\n', ['profile x'])).toBeUndefined();
  });

  it.each([
    ['AWS_PROFILE', { AWS_PROFILE: 'nobody' }],
    ['AWS_DEFAULT_PROFILE', { AWS_DEFAULT_PROFILE: 'nobody' }],
  ])('is not known where no file has the profile that %s names, which is worth a warning', (variable, env) => {
    for (const region of [{}, { AWS_REGION: 'us-east-2' }])
      expect(readProfile({ HOME: home, ...region, ...env }).warning).toBe(
        `no file of the AWS CLI has the profile "nobody" that ${variable} names`,
      );
    expect(readProfile({ HOME: home, AWS_PROFILE: 'none' }).warning).toBeUndefined();
  });
});

describe('the credentials of AWS_DEFAULT_PROFILE', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' };
  it.each<[Record<string, string>, string | undefined]>([
    [{ AWS_DEFAULT_PROFILE: 'prod' }, 'prod'],
    [{ AWS_DEFAULT_PROFILE: 'prod', AWS_REGION: 'us-east-1' }, 'prod'],
    [{ AWS_DEFAULT_PROFILE: 'prod', AWS_PROFILE: 'old' }, undefined],
    [{ AWS_DEFAULT_PROFILE: 'prod', ...keys }, undefined],
    [{ AWS_PROFILE: 'old' }, undefined],
  ])('with %j are those of %s', (env, profile) => {
    expect(readProfile({ HOME: home, ...env }).credentials.profile).toBe(profile);
  });

  it('sign the requests of the SDK', async () => {
    const before = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, { AWS_CONFIG_FILE: join(home, '.aws/config') });
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(home, '.aws/credentials');
    const sent: string[] = [];
    const handler = {
      handle({ headers }: { headers: Record<string, string> }) {
        sent.push(headers['authorization'] ?? '');
        return Promise.reject(new Error('seen'));
      },
    };
    try {
      const { credentials } = readProfile({ ...process.env, AWS_DEFAULT_PROFILE: 'prod' });
      const aws = awsClients({ region: 'us-west-2', attempts: 1, handler, ...credentials });
      await expect((await aws.ecs()).listClusters({})).rejects.toThrow('seen');
      expect(sent).toEqual([expect.stringContaining('Credential=AKIDOFPROD/')]);
    } finally {
      process.env = before;
    }
  });
});
