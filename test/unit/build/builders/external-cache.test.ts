import { expect, it } from '@jest/globals';
import {
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
