import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { plan } from '../../../actions/render-task-definition/src/plan/plan';
import { findSource, readSource } from '../../../actions/render-task-definition/src/source';
import { awsClients } from '../../../shared/aws/clients';
import { refuse } from '../../../shared/errors';
import { foldersOf } from '../../../shared/host/folders';
import { projectRoot } from '../../support/project-files';
import { type Given, readSound, task } from './support';

process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
process.env['AWS_SECRET_ACCESS_KEY'] = 'example';

const arn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7';
const described = {
  taskDefinition: {
    ...task({ cpu: 0, environment: [] }),
    taskDefinitionArn: arn,
    revision: 7,
    status: 'ACTIVE',
    registeredAt: 1,
  },
  tags: [{ key: 'team', value: 'web' }],
};

/** Reads what the input names, with a real client whose requests end here. */
async function read(
  given: string,
  options: { env?: Given; region?: string; answer?: object; status?: number; where?: string; working?: string } = {},
) {
  const seen: { region: string; body: unknown }[] = [];
  const answered = options.answer ?? described;
  const handler = (region: string) => ({
    async handle(request: { body: Uint8Array }) {
      seen.push({ region, body: JSON.parse(new TextDecoder().decode(request.body)) });
      const body = new TextEncoder().encode(JSON.stringify(answered));
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      return { response: new HttpResponse({ statusCode: options.status ?? 200, headers, body }) };
    },
  });
  const request = readSound({ [options.where ?? 'task-definition']: given, region: options.region });
  const world = {
    aws: (region: string) => awsClients({ region, handler: handler(region), attempts: 1 }),
    env: options.env ?? { AWS_REGION: 'us-west-2' },
    folders: foldersOf({}, options.working ?? '/nonexistent'),
    signal: new AbortController().signal,
  };
  const { files, findings } = findSource(request.inputs, world);
  refuse(findings);
  const document = await readSource(request, files, world);
  return { document, seen, plan: plan(request, document) };
}

const asked = (taskDefinition: string) => ({ taskDefinition, include: ['TAGS'] });

describe('readSource', () => {
  it('fetches an ARN in its own region, with its tags', async () => {
    const { document, seen, plan } = await read(arn);
    expect(seen).toEqual([{ region: 'eu-west-1', body: asked(arn) }]);
    expect(document.notices).toEqual([`Fetched ${arn}.`]);
    expect(plan.taskDefinition).toEqual({ ...task({ cpu: 0, environment: [] }), tags: described.tags });
    expect(plan.changes).toEqual([]);
  });

  it.each<[given: string, options: { env?: Given; region?: string }, region: string]>([
    ['web', {}, 'us-west-2'],
    ['web:7', { region: 'ap-south-1' }, 'ap-south-1'],
    ['web', { env: { AWS_DEFAULT_REGION: 'us-gov-west-1' } }, 'us-gov-west-1'],
  ])('fetches %s with %j in %s', async (given, options, region) => {
    expect((await read(given, options)).seen).toEqual([{ region, body: asked(given) }]);
  });

  it('fetches a family that is given as one, also where a file has its name', async () => {
    const { seen } = await read('LICENSE', { where: 'task-definition-family', working: projectRoot });
    expect(seen).toEqual([{ region: 'us-west-2', body: asked('LICENSE') }]);
  });

  it('leaves out an empty list of tags, which AWS would refuse', async () => {
    const { document } = await read('web', { answer: { ...described, tags: [] } });
    expect(document.value).not.toHaveProperty('tags');
  });

  it('says when the revision is not active', async () => {
    const answer = { taskDefinition: { ...described.taskDefinition, status: 'INACTIVE' } };
    expect((await read('web', { answer })).document.notices).toEqual([`Fetched ${arn}; it is INACTIVE.`]);
  });

  it('keeps what ECS tells that this version does not know', async () => {
    const containerDefinitions = [{ ...described.taskDefinition.containerDefinitions[0], isolation: { kind: 'vm' } }];
    const taskDefinition = { ...described.taskDefinition, containerDefinitions, newMark: true, oldMark: null };
    const { document, plan } = await read('web', { answer: { taskDefinition } });
    expect(document.value).toMatchObject({ newMark: true, containerDefinitions });
    expect(document.value).not.toHaveProperty('oldMark');
    expect(plan.taskDefinition).toEqual(document.value);
    expect(plan.warnings.map(({ where, problem }) => `${where}: ${problem}`).sort()).toEqual([
      'web containerDefinitions[0].isolation: is not known to this version; it is kept, and sent to ECS unchanged',
      'web newMark: is not known to this version; it is kept, and sent to ECS unchanged',
    ]);
  });

  it('drops tags that only AWS can set', async () => {
    const tags = [...described.tags, { key: 'aws:cloudformation:stack-name', value: 'x' }];
    expect((await read('web', { answer: { ...described, tags } })).document.value['tags']).toEqual(described.tags);
  });

  it.each<[given: string, options: Parameters<typeof read>[1], problem: string]>([
    ['web', { env: {} }, 'region: is not known, and web is not a file; set region or AWS_REGION'],
    ['web', { region: '<region>' }, 'region: must be a region such as us-west-2, got "<region>"'],
    [arn, { region: 'us-east-1' }, `region: is us-east-1, but ${arn} is in eu-west-1`],
    ['arn:aws:ecs:eu-west-1:111122223333:service/web', {}, 'task-definition: must be the ARN of a task definition'],
    ['arn:aws:iam::<account>:role/x', {}, 'task-definition: must be the ARN of a task definition'],
    [
      'web',
      { status: 400, answer: { __type: 'ClientException', message: 'Unable to describe task definition.' } },
      'task-definition: web is neither a file nor a task definition in us-west-2 (Unable to describe task definition.)',
    ],
  ])('refuses %s', async (given, options, problem) => {
    await expect(read(given, options)).rejects.toMatchObject({ message: expect.stringContaining(problem), exit: 2 });
  });

  it('leaves other errors of AWS as they are, for the host to explain', async () => {
    const answer = { __type: 'AccessDeniedException', message: 'no' };
    await expect(read('web', { status: 400, answer })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
