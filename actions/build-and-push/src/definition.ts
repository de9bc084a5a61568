import {
  defaulted,
  defineAction,
  type InputsOf,
  type OutputsOf,
  optional,
  required,
} from '../../../shared/manifest/definition';
import { assignments, block, choice, flag, list, text } from '../../../shared/manifest/types';

const where = { group: 'Where the image goes' };
const what = { group: 'What is built' };
const how = { group: 'How it is built' };
const pushing = { group: 'Pushing' };

/** The image builders, in the order in which `auto` asks for them. */
export const builderNames = ['docker', 'finch', 'podman', 'buildah', 'builtin'] as const;
export type BuilderName = (typeof builderNames)[number];

/** The severities that a build can be stopped at, mildest first. ECR has others (UNDEFINED, UNTRIAGED), which stop none. */
export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const definition = defineAction({
  name: 'build-and-push',
  displayName: 'Build and push an image',
  description: 'Builds a container image, with or without Docker, pushes it to Amazon ECR and gives its digest.',
  compute: ['EC2', 'LAMBDA'],
  needs: { source: true, account: true },
  examples: [
    '--repository team/app --tags 1.4.2 --create-repository',
    '--repository team/app --build-args VERSION=1.4.2 --build-args MODE=production --format json',
  ],
  inputs: {
    repository: required(text, { ...where, description: 'Name of the ECR repository, such as team/app.' }),
    registry: optional(text, {
      ...where,
      description:
        'Account id or host of the registry. Default: the registry of the account that the credentials belong to.',
    }),
    region: optional(text, {
      ...where,
      description: 'Region of the registry. Default: the one in the registry host, else AWS_REGION.',
    }),
    tags: optional(list(), { ...where, description: 'Tags of the image. Default: the commit id of the source.' }),
    'create-repository': defaulted(flag, false, {
      ...where,
      description: 'Create the repository, with scan on push, when it is missing.',
    }),
    context: defaulted(text, '.', { ...what, description: 'Folder that is sent to the build, as for docker build.' }),
    dockerfile: optional(text, { ...what, description: 'Path of the Dockerfile. Default: Dockerfile in the context.' }),
    target: optional(text, { ...what, description: 'Stage to build. Default: the last one.' }),
    'build-args': optional(assignments(), {
      ...what,
      description: 'Build arguments, one NAME=value a line. The value may hold =, spaces and quotes.',
    }),
    labels: optional(assignments(), { ...what, description: 'Labels of the image, one NAME=value a line.' }),
    'secret-envs': optional(assignments({ form: 'id=NAME' }), {
      ...what,
      description: 'BuildKit secrets from environment variables, one id=NAME a line.',
    }),
    'secret-files': optional(assignments({ form: 'id=path' }), {
      ...what,
      description: 'BuildKit secrets from files, one id=path a line.',
    }),
    platforms: optional(list(), {
      ...how,
      description: 'Platforms such as linux/arm64. More than one needs buildx. Default: that of the builder.',
    }),
    cache: defaulted(choice(['none', 'inline', 'registry']), 'none', {
      ...how,
      description: 'Keep the build cache inside the image (inline) or beside it in the repository (registry).',
    }),
    builder: defaulted(choice(['auto', ...builderNames]), 'auto', {
      ...how,
      description:
        'The image builder. auto takes the first that answers; builtin needs no daemon, no root and no privileges.',
    }),
    provenance: defaulted(flag, false, {
      ...how,
      description: 'Attach a provenance attestation. Off keeps the repository free of untagged index children.',
    }),
    'build-options': optional(block, {
      ...how,
      description: 'Further options of the builder, split into words as a shell would and never run by one.',
    }),
    push: defaulted(flag, true, {
      ...pushing,
      description: 'Push the image. false only builds it: there is no digest then.',
    }),
    'if-tag-exists': defaulted(choice(['auto', 'push', 'skip', 'fail']), 'auto', {
      ...pushing,
      description: 'When a tag is there already. auto skips where tags of the repository are immutable, else pushes.',
    }),
    'scan-severity': defaulted(choice(['none', ...severities]), 'none', {
      ...pushing,
      description: 'Wait for the scan that ECR makes and fail at findings of this severity or above.',
    }),
  },
  outputs: {
    IMAGE:
      'The image by digest, registry/repository@sha256:…: what the next action deploys. Not set where nothing was pushed.',
    'image-uri': 'The image by its first tag.',
    'image-digest': 'The digest that the registry answers for the tag.',
    'image-tags': 'The tags, separated by commas.',
    registry: 'Host of the registry.',
    repository: 'Name of the repository.',
    skipped: 'true where the tag was there already and nothing was built.',
  },
});

export type Inputs = InputsOf<typeof definition>;
export type Outputs = OutputsOf<typeof definition>;
