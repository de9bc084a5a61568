import { describe, expect, it } from '@jest/globals';
import { forms } from '../../../../shared/task-definition/limits';
import { app, ec2, found, type Parts } from './examples';
import { inContainer, inItem, inTask, levelOf, type Place } from './places';

const volume: Place<string> = [
  'volumes[0].name',
  (name) => ec2({ volumes: [{ name }] }, { mountPoints: [{ sourceVolume: name, containerPath: '/v' }] }),
];
const tag = (field: string, also: Parts): Place<string> => [
  `tags[0].${field}`,
  (value) => ec2({ tags: [{ ...also, [field]: value }] }),
];
const mount: Place<string> = [
  `${app}.mountPoints[0].containerPath`,
  (containerPath) => ec2({ volumes: [{ name: 'v' }] }, { mountPoints: [{ sourceVolume: 'v', containerPath }] }),
];
const secret = inItem<string>('secrets', 'name', { valueFrom: 'a' }, { executionRoleArn: 'exec' });
const file = inItem<string>('environmentFiles', 'value', { type: 's3' });
const port = inItem<string>('portMappings', 'name', { containerPort: 80 });

const x = (count: number) => 'x'.repeat(count);
const names = {
  sound: ['a', 'A-b_9', x(255)],
  broken: ['', 'a b', 'ä', x(256)],
  advised: ['a.b'],
  rule: '1 to 255 letters',
};

interface Text {
  readonly sound: readonly string[];
  readonly broken: readonly string[];
  readonly rule: string;
  /** What only the documentation advises against. */
  readonly advised?: readonly string[];
}
const texts: readonly [field: string, place: Place<string>, text: Text][] = [
  ['RegisterTaskDefinitionRequest.family', inTask('family'), names],
  ['ContainerDefinition.name', inContainer('name'), names],
  ['Volume.name', volume, names],
  [
    'PortMapping.name',
    port,
    {
      sound: ['a', '_a-9', x(64)],
      broken: ['', '-a', 'A', 'a.b', x(65)],
      rule: '1 to 64 lower-case letters',
    },
  ],
  [
    'Tag.key',
    tag('key', { value: '' }),
    { sound: ['a', 'Straße 1', '_.:/=+-@', x(128)], broken: ['', 'aws:x', 'AWS:x', 'a#', x(129)], rule: '1 to 128 ' },
  ],
  [
    'Tag.value',
    tag('value', { key: 'a' }),
    { sound: ['', 'Straße 1', '_.:/=+-@', x(256)], broken: ['aws:x', 'Aws:x', 'a#', x(257)], rule: 'at most 256 ' },
  ],
  [
    'EnvironmentFile.value',
    file,
    {
      sound: ['arn:aws:s3:::b/a.env', 'arn:aws-cn:s3:::b/c/.env'],
      broken: ['', 's3://b/a.env', 'arn:aws:ecs:::b/a.env'],
      advised: ['arn:aws:s3:::a.env', 'arn:aws:s3:::b/a.txt', 'arn:aws:s3:::b/a.env2'],
      rule: 'the ARN of an S3 object that ends in .env',
    },
  ],
  [
    'SystemControl.namespace',
    inItem('systemControls', 'namespace', { value: '1' }),
    {
      sound: ['net.core.somaxconn', 'fs.mqueue.msg_max', 'kernel.shmmax', 'kernel.shm_rmid_forced'],
      broken: ['', 'net.', 'kernel.hostname', 'kernel.shmmax2', 'vm.swappiness', 'network'],
      rule: 'a parameter of net. or fs.mqueue.',
    },
  ],
  [
    'ContainerDefinition.credentialSpecs',
    [`${app}.credentialSpecs[0]`, (spec) => ec2({}, { credentialSpecs: [spec] })],
    {
      sound: ['credentialspec:arn:aws:s3:::b/x', 'credentialspecdomainless:arn:aws:ssm:us-west-2:1:parameter/x'],
      broken: ['', 'arn:aws:s3:::b/x', 'credentialspec:file://x', 'credentialspecs:arn:aws:s3:::b/x'],
      rule: 'credentialspec: or credentialspecdomainless: with an ARN after it',
    },
  ],
  [
    'RepositoryCredentials.credentialsParameter',
    [
      `${app}.repositoryCredentials.credentialsParameter`,
      (credentialsParameter) => ec2({ executionRoleArn: 'exec' }, { repositoryCredentials: { credentialsParameter } }),
    ],
    {
      sound: ['registry', 'team/registry', 'arn:aws:secretsmanager:us-west-2:111122223333:secret:registry'],
      broken: ['', ' ', 'arn:aws:ssm:us-west-2:111122223333:parameter/registry'],
      rule: 'the ARN or the name of a secret in Secrets Manager',
    },
  ],
  ['MountPoint.containerPath', mount, { sound: ['/', '\n'], broken: [''], rule: 'not be empty' }],
  [
    'KeyValuePair.name',
    inItem('environment', 'name'),
    { sound: ['a', ' a'], broken: ['', ' \n'], rule: 'not be empty' },
  ],
  ['Secret.name', secret, { sound: ['a', '\n'], broken: [''], rule: 'not be empty' }],
];

describe('the form of a text', () => {
  it.each(texts)('%s', (field, [path, task], { sound, broken, rule, advised = [] }) => {
    for (const value of sound) expect(found(task(value))).toEqual([]);
    const expectFinding = (value: string, level: string) => {
      const finding = found(task(value)).find((line) => line.startsWith(`${level}: ${path}: must `));
      expect({ value, finding }).toEqual({ value, finding: expect.stringContaining(rule) });
    };
    for (const value of broken) expectFinding(value, levelOf(field));
    for (const value of advised) expectFinding(value, 'warning');
  });

  it('has an example for each text that has one', () => {
    expect(texts.map(([field]) => field).sort()).toEqual(Object.keys(forms).sort());
  });
});
