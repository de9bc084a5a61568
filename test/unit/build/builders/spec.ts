import type { BuildOrder } from '../../../../actions/build-and-push/src/builders/builder';

/** A plain order of `/src/Dockerfile`, and what is asked for beyond it. */
export const order = (asked: Partial<BuildOrder> = {}): BuildOrder => ({
  context: '/src',
  dockerfile: '/src/Dockerfile',
  shown: 'Dockerfile',
  buildArgs: {},
  labels: {},
  secrets: [],
  platforms: [],
  cache: 'none',
  provenance: false,
  options: [],
  ...asked,
});
