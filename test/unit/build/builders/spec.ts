import type { BuildSpec } from '../../../../actions/build-and-push/src/builders/builder';

/** A plain spec of `/src/Dockerfile`, and what is asked for beyond it. */
export const spec = (asked: Partial<BuildSpec> = {}): BuildSpec => ({
  context: '/src',
  dockerfile: '/src/Dockerfile',
  shown: 'Dockerfile',
  buildArgs: {},
  inherited: [],
  labels: {},
  secrets: [],
  platforms: [],
  cache: 'none',
  provenance: false,
  secretValues: {},
  cacheCredentials: {},
  'cache-from': [],
  'cache-to': [],
  noCache: false,
  pull: false,
  load: false,
  sbom: false,
  exporter: [],
  settings: {},
  options: [],
  ...asked,
});
