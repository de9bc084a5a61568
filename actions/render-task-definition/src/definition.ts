import { assignments } from '../../../shared/manifest/assignments';
import {
  defaulted,
  defineAction,
  type InputsOf,
  type OutputsOf,
  optional,
  outsideCodeCatalyst,
  required,
} from '../../../shared/manifest/definition';
import { arns, block, choice, file, list, number, text } from '../../../shared/manifest/types';

const from = { group: 'Where it comes from' };
const images = { group: 'Images' };
const container = { group: 'Settings of the containers' };
const task = { group: 'Settings of the task' };
const settings = assignments({ removal: true });

export const definition = defineAction({
  name: 'render-task-definition',
  displayName: 'Render ECS task definition',
  description:
    'Writes a new task definition file with images and settings filled in, checked in full. Changes nothing in AWS.',
  compute: ['EC2', 'LAMBDA'],
  needs: { source: true, account: false },
  examples: [
    '--task-definition task.json --image 123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1.4.2',
    '--task-definition - --images web=web:2 --images worker=worker:2 < task.yaml',
    '--task-definition web:7 --region us-west-2 --environment-variables LOG_LEVEL=debug --json',
  ],
  inputs: {
    'task-definition': required(file, {
      ...from,
      alternatives: ['task-definition-arn', 'task-definition-family'],
      description: 'A file (JSON, JSON with comments, or YAML), or an ARN, family or family:revision to fetch.',
    }),
    'task-definition-arn': optional(text, {
      ...from,
      hosts: outsideCodeCatalyst,
      description: 'ARN of the task definition to fetch, in place of task-definition.',
    }),
    'task-definition-family': optional(text, {
      ...from,
      hosts: outsideCodeCatalyst,
      description: 'Family of the task definition to fetch, in place of task-definition.',
    }),
    'task-definition-revision': optional(number({ min: 1 }), {
      ...from,
      hosts: outsideCodeCatalyst,
      description: 'Revision of the family. Default: the latest active one.',
    }),
    region: optional(text, { ...from, description: 'Region where an ARN or family is fetched. Default: AWS_REGION.' }),
    'container-name': optional(list(), {
      ...images,
      description: 'Names of the containers to change. Default: the only container, or those named in images.',
    }),
    'container-definition-name': optional(list(), { ...images, description: 'Another name of container-name.' }),
    image: optional(text, { ...images, description: 'The image for those containers.' }),
    images: optional(assignments({ form: 'container=image' }), {
      ...images,
      description: 'One container=image a line, for several containers with several images.',
    }),
    'environment-variables': optional(settings, {
      ...container,
      secret: true,
      description: 'One NAME=value a line; -NAME removes one; values with line breaks as NAME<<END … END.',
    }),
    secrets: optional(settings, {
      ...container,
      secret: true,
      description: 'One NAME=ARN (of Secrets Manager or Parameter Store) a line; -NAME removes one.',
    }),
    'environment-mode': defaulted(choice(['merge', 'replace']), 'merge', {
      ...container,
      description: 'Whether the variables and secrets given are merged into those of the file or replace them.',
    }),
    'env-files': optional(arns, { ...container, description: 'S3 ARNs of environment files, one a line.' }),
    command: optional(block, { ...container, description: 'A JSON array, or words quoted as in a shell.' }),
    'docker-labels': optional(settings, {
      ...container,
      secret: true,
      description: 'One NAME=value a line; -NAME removes one.',
    }),
    'log-configuration-log-driver': optional(text, { ...container, description: 'Log driver, such as awslogs.' }),
    'log-configuration-options': optional(settings, {
      ...container,
      secret: true,
      description: 'Options of the log driver, one NAME=value a line; -NAME removes one.',
    }),
    cpu: optional(text, { ...task, description: 'CPU units of the task, such as 256 or .25 vCPU.' }),
    memory: optional(text, { ...task, description: 'Memory of the task in MiB, or a value such as 1 GB.' }),
    family: optional(text, { ...task, description: 'Family of the task definition.' }),
    'task-role-arn': optional(text, { ...task, description: 'Role that the containers assume.' }),
    'execution-role-arn': optional(text, { ...task, description: 'Role that pulls the images and reads the secrets.' }),
    tags: optional(assignments({ form: 'key=value', anyName: true }), {
      ...task,
      description: 'One key=value a line, merged by key.',
    }),
  },
  outputs: {
    'task-definition':
      'The file that was written: on CodeCatalyst its name in the primary source folder, elsewhere its absolute path.',
    'task-definition-path': 'Absolute path of the file.',
    family: 'Family of the task definition.',
    changes: 'What was changed, in one line.',
  },
});

export type Inputs = InputsOf<typeof definition>;
export type Outputs = OutputsOf<typeof definition>;
