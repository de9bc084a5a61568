import { expect, it } from '@jest/globals';
import {
  credentialsApart,
  featureOf,
  forEcr,
  missingForGithubCache,
} from '../../../../actions/build-and-push/src/builders/external-cache';

it.each<[Parameters<typeof featureOf>[0], string, string]>([
  ['cache-from', 'type=registry,ref=r/app:cache', 'cache import'],
  ['cache-from', 'r/app:cache', 'cache import'],
  ['cache-from', 'type=gha', 'cache export'],
  ['cache-from', 'type=local,src=/tmp/cache', 'cache export'],
  ['cache-to', 'type=inline', 'cache import'],
  ['cache-to', 'type=registry,ref=r/app:cache', 'cache export'],
  ['cache-to', 'type=gha,mode=max', 'cache export'],
])('%s: %s needs %s', (input, record, feature) => {
  expect(featureOf(input, record)).toBe(feature);
});

const ecr = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
it.each([
  [`type=registry,ref=${ecr}/app:cache,mode=max`, ',image-manifest=true,oci-mediatypes=true'],
  [`type=registry,ref=${ecr}/app:cache,image-manifest=false`, ',oci-mediatypes=true'],
  ['type=registry,ref=localhost:5000/app:cache', ',image-manifest=true,oci-mediatypes=true'],
  ['type=registry,ref=ghcr.io/o/app:cache', ''],
  ['type=gha,mode=max', ''],
])('a cache at %s gets the form that ECR accepts', (record, added) => {
  expect(forEcr(record, 'localhost:5000')).toBe(`${record}${added}`);
});

const token = { ACTIONS_RUNTIME_TOKEN: 't' };
it.each([
  [['type=gha'], {}, 'ACTIONS_RUNTIME_TOKEN'],
  [['type=gha'], token, 'ACTIONS_RESULTS_URL'],
  [['type=gha'], { ...token, ACTIONS_RESULTS_URL: 'https://results.example' }, undefined],
  [['type=gha'], { ...token, ACTIONS_CACHE_URL: 'https://cache.example' }, undefined],
  [['type=gha,token=t,url_v2=https://cache.example'], {}, undefined],
  [['type=registry,ref=r/app:cache'], {}, undefined],
])('%j with %j lacks %s', (records, env, missing) => {
  expect(missingForGithubCache(records, env)).toBe(missing);
});

const [a, b] = ['access_key_id=A,secret_access_key=S', 'access_key_id=B,secret_access_key=S'];
it.each<[string[], string[], Record<string, string>]>([
  [
    [`type=s3,${a},bucket=b`, `type=s3,bucket=c,session_token=T,${a}`],
    [`type=s3,${a},bucket=b`, `type=s3,bucket=c,session_token=T,${a}`],
    {},
  ],
  [
    [`type=s3,${a},bucket=b,mode=max`, `bucket=c,${a},type=s3`, 'type=local,dest=c'],
    ['type=s3,bucket=b,mode=max', 'bucket=c,type=s3', 'type=local,dest=c'],
    { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S', AWS_SESSION_TOKEN: '' },
  ],
  [[`type=s3,${a}`, `type=s3,${b}`], [`type=s3,${a}`, `type=s3,${b}`], {}],
  [[`type=s3,${a}`, 'type=s3,bucket=b'], [`type=s3,${a}`, 'type=s3,bucket=b'], {}],
  [['type=s3,access_key_id=A'], ['type=s3,access_key_id=A'], {}],
  [
    [`type=s3,${a},session_token=T==`, 'type=gha,token=R,url=u'],
    ['type=s3', 'type=gha,url=u'],
    { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S', AWS_SESSION_TOKEN: 'T==', ACTIONS_RUNTIME_TOKEN: 'R' },
  ],
  [['type=gha,token=R', 'type=gha'], ['type=gha,token=R', 'type=gha'], {}],
  [['type=azblob,secret_access_key=S', 'app:cache'], ['type=azblob,secret_access_key=S', 'app:cache'], {}],
])('of %j, builders get %j and the variables %j', (records, left, variables) => {
  const apart = credentialsApart(records);
  expect([records.map(apart.without), apart.variables]).toEqual([left, variables]);
});
