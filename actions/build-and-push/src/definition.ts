import { assignments, namesOrAssignments } from '../../../shared/manifest/assignments';
import {
  defaulted,
  defineAction,
  type InputsOf,
  type OutputsOf,
  optional,
  outsideCodeCatalyst,
  required,
} from '../../../shared/manifest/definition';
import { attestation, records, secretRecords } from '../../../shared/manifest/records';
import { block, choice, file, flag, list, text } from '../../../shared/manifest/types';

const where = { group: 'Where the image goes' };
const what = { group: 'What is built' };
const how = { group: 'How it is built' };
const pushing = { group: 'Pushing' };
/** As docker/build-push-action has them; CodeCatalyst allows no more inputs. */
const compatible = { group: 'As in docker/build-push-action', hosts: outsideCodeCatalyst };
const compatibleOutput = (description: string) => ({ hosts: outsideCodeCatalyst, description });

/** The image builders, in the order in which `auto` asks for them. */
export const builderNames = ['docker', 'finch', 'podman', 'buildah', 'builtin'] as const;
export type BuilderName = (typeof builderNames)[number];

/** The severities that a build can be stopped at, mildest first. ECR has others (UNDEFINED, UNTRIAGED), which stop none. */
export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const definition = defineAction({
  name: 'build-and-push',
  displayName: 'Build and push an image',
  description: 'Builds a container image, with or without Docker, pushes it to Amazon ECR and outputs its digest.',
  compute: ['EC2', 'LAMBDA'],
  needs: { source: true, account: true },
  examples: [
    '--repository team/app --tags 1.4.2 --create-repository',
    '--repository team/app --build-args VERSION=1.4.2 --build-args MODE=production --format json',
  ],
  inputs: {
    repository: required(text, {
      ...where,
      alternatives: ['tags', 'outputs', 'load', 'push: false'],
      description: 'Name of the ECR repository, such as team/app. An image that is only built may have none.',
    }),
    registry: optional(text, {
      ...where,
      description:
        'Account id or host of the registry. Default: the registry of the account that the credentials belong to.',
    }),
    region: optional(text, {
      ...where,
      description: 'Region of the registry. Default: the one in the registry host, else AWS_REGION.',
    }),
    tags: optional(list(), {
      ...where,
      description:
        'Tags of the image; on GitHub and in a shell also with its full name. Default: the commit id of the source.',
    }),
    'create-repository': defaulted(flag, false, {
      ...where,
      description: 'Create the repository, with scan on push, if it does not exist.',
    }),
    context: defaulted(text, '.', {
      ...what,
      description: 'Directory that is sent to the build, as for docker build.',
    }),
    dockerfile: optional(file, { ...what, description: 'Path of the Dockerfile. Default: Dockerfile in the context.' }),
    target: optional(text, { ...what, description: 'Stage to build. Default: the last one.' }),
    'build-args': optional(namesOrAssignments({ quoted: true }), {
      ...what,
      description:
        'Build arguments, one NAME=value a line. The value may hold =, spaces and quotes; NAME alone takes the value of that environment variable.',
    }),
    labels: optional(namesOrAssignments({ quoted: true }), {
      ...what,
      description: 'Labels of the image, one NAME=value a line.',
    }),
    'secret-envs': optional(assignments({ form: 'id=NAME', quoted: true }), {
      ...what,
      description: 'BuildKit secrets from environment variables, one id=NAME a line.',
    }),
    'secret-files': optional(assignments({ form: 'id=path', quoted: true }), {
      ...what,
      description: 'BuildKit secrets from files, one id=path a line.',
    }),
    platforms: optional(list(), {
      ...how,
      description: 'Platforms such as linux/arm64. More than one needs buildx. Default: that of the builder.',
    }),
    cache: defaulted(choice(['none', 'inline', 'registry']), 'none', {
      ...how,
      description: 'Store the build cache inside the image (inline) or beside it in the repository (registry).',
    }),
    builder: defaulted({ ...text, form: ['auto', ...builderNames].map((name) => `\`${name}\``).join(', ') }, 'auto', {
      ...how,
      description:
        'The image builder. auto takes the first that answers; builtin needs no daemon, no root and no privileges. On GitHub and in a shell also the name of a builder of buildx.',
    }),
    provenance: defaulted(attestation, false, {
      ...how,
      description: 'Attach a provenance attestation. Off keeps the repository free of untagged index children.',
    }),
    'build-options': optional(block, {
      ...how,
      description: 'More options of the builder, split as a shell would, but never run by a shell.',
    }),
    push: optional(flag, {
      ...pushing,
      description:
        'Push the image. false only builds it: there is no digest then. Default: true, unless load or outputs says otherwise.',
    }),
    'if-tag-exists': defaulted(choice(['auto', 'push', 'skip', 'fail']), 'auto', {
      ...pushing,
      description: 'When a tag already exists. auto skips where tags of the repository are immutable, else pushes.',
    }),
    'scan-severity': defaulted(choice(['none', ...severities]), 'none', {
      ...pushing,
      description: 'Wait for the scan that ECR makes and fail at findings of this severity or above.',
    }),
    file: optional(file, { ...compatible, description: 'The same as dockerfile.' }),
    load: defaulted(flag, false, {
      ...compatible,
      description: 'Load the image into the local store of the builder instead of pushing it.',
    }),
    outputs: optional(records, {
      ...compatible,
      description: 'type=registry or type=image with push=true pushes, type=docker loads; others are refused.',
    }),
    secrets: optional(secretRecords, {
      ...compatible,
      secret: true,
      description: 'BuildKit secrets by value. In quotes a value may have line breaks.',
    }),
    'cache-from': optional(records, { ...compatible, description: 'Caches to read, such as type=gha.' }),
    'cache-to': optional(records, { ...compatible, description: 'Caches to write, such as type=gha,mode=max.' }),
    'no-cache': defaulted(flag, false, { ...compatible, description: 'Use no cache.' }),
    'no-cache-filters': optional(list(), { ...compatible, description: 'Stages for which no cache is used.' }),
    pull: defaulted(flag, false, { ...compatible, description: 'Ask for newer base images.' }),
    'build-contexts': optional(records, {
      ...compatible,
      description: 'Further contexts, one name=path, name=docker-image://… or name=https://… a line.',
    }),
    sbom: defaulted(attestation, false, { ...compatible, description: 'Attach a list of the software in the image.' }),
    attests: optional(records, { ...compatible, description: 'Attestations, such as type=sbom,generator=image.' }),
    annotations: optional(records, {
      ...compatible,
      description: 'Annotations of the manifest, one name=value a line.',
    }),
    ssh: optional(list(), { ...compatible, description: 'SSH agents or keys for the build, such as default.' }),
    allow: optional(list(), { ...compatible, description: 'Privileges of the build, such as network.host.' }),
    'add-hosts': optional(list(), { ...compatible, description: 'Names of hosts for the build, such as db:10.0.0.2.' }),
    network: optional(text, { ...compatible, description: 'Network of the commands, such as host.' }),
    'cgroup-parent': optional(text, { ...compatible, description: 'Parent of the control groups of the commands.' }),
    'shm-size': optional(text, { ...compatible, description: 'Size of /dev/shm for the commands, such as 2g.' }),
    ulimit: optional(list(), { ...compatible, description: 'Limits of the commands, such as nofile=1024:4096.' }),
    'github-token': optional(text, {
      ...compatible,
      secret: true,
      description: 'Not needed: contexts are directories, and no Git repository is fetched.',
    }),
  },
  refused: {
    call: {
      harmless: ['build'],
      reason: 'does not exist: this action builds; run docker buildx build --call in a step of its own for checks',
    },
  },
  outputs: {
    IMAGE:
      'The image by digest, registry/repository@sha256:…: what the next action deploys. Not set where nothing was pushed.',
    'image-uri': 'The image by its first tag.',
    'image-digest': 'The digest that the registry answers for the tag.',
    'image-tags': 'The tags, separated by commas.',
    registry: 'Host of the registry.',
    repository: 'Name of the repository.',
    skipped: 'true where the tag existed already and nothing was built.',
    digest: compatibleOutput('The same as image-digest.'),
    imageid: compatibleOutput('Id of the image: the digest of its configuration, or of its index where there is one.'),
    metadata: compatibleOutput('What is known of the image as JSON: containerimage.digest, image.name and such.'),
  },
});

export type Inputs = InputsOf<typeof definition>;
export type Outputs = OutputsOf<typeof definition>;
