import { join } from 'node:path';
import type { RunDeploy } from '../scenarios/deploy-stage';
import { actionBundle } from '../support/bundles';
import { runNode } from '../support/process';

const preloads = ['driven-clock', 'no-jitter'].map((name) => join(__dirname, `../support/${name}.cjs`));

/** Deploys with the real bundle in a process of its own, over HTTP, on the clock of the embedded AWS. */
export const asProcess: RunDeploy = ({ aws: _, endpoint, env, args, ...options }) =>
  runNode(actionBundle('ecs-bluegreen-deploy'), args, {
    ...options,
    env: { EMBEDDED_CLOCK_URL: endpoint.endpoint, ...env },
    nodeArguments: preloads.flatMap((file) => ['--require', file]),
  });
