/** Whole deployments in the partitions of AWS: by the ARN of the service alone, and with what is written down about them. */

import { describe, expect, it } from '@jest/globals';
import { container, on, type Stage, serviceUnder, taskDefinition } from './deploy-stage';

const partitions = [
  ['aws', 'eu-west-1', 'console.aws.amazon.com', 'amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'console.amazonaws.cn', 'amazonaws.com.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'console.amazonaws-us-gov.com', 'amazonaws.com'],
  ['aws-eusc', 'eusc-de-east-1', 'console.amazonaws-eusc.eu', 'amazonaws.eu'],
] as const;

const controllers = ['CODE_DEPLOY', 'ECS'] as const;

/** The image of a repository of the region, by tag or digest. */
const imageIn = (region: string, domain: string, tag: string) => `123456789012.dkr.ecr.${region}.${domain}/web:${tag}`;

function prepare(stage: Stage, [partition, region, , domain]: (typeof partitions)[number], tag = 'v2') {
  stage.aws.ecr.createRepository('web');
  stage.aws.ecr.putImage('web', { tags: ['v2'], digest: `sha256:${'2'.repeat(64)}` });
  const { logConfiguration } = container();
  const options = { ...logConfiguration.options, 'awslogs-region': region };
  const image = imageIn(region, domain, tag);
  const executionRoleArn = `arn:${partition}:iam::123456789012:role/AppRole`;
  const containerDefinitions = [container({ image, logConfiguration: { ...logConfiguration, options } })];
  stage.write('task.json', taskDefinition({ executionRoleArn, containerDefinitions }));
}

/** The ARN says where the service is; the environment names another region. */
const byArn = ({ seeded }: Stage) => ({
  inputs: {
    service: seeded.serviceArn,
    cluster: 'default',
    'codedeploy-application': '',
    'codedeploy-deployment-group': '',
  },
  env: { AWS_REGION: 'us-west-2' },
});

const partitionsIn = (text: string) => [...new Set([...text.matchAll(/arn:(aws[\w-]*):/g)].map(([, name]) => name))];
const consolesIn = (text: string) => [
  ...new Set([...text.matchAll(/https:\/\/([\w.-]*console[\w.-]*)/g)].map(([, host]) => host)),
];

describe.each(partitions)('in %s', (...at) => {
  const [partition, region, host] = at;

  it.each(controllers)('a deployment under %s names what belongs there', (name) =>
    on({ ...serviceUnder[name], region }, async (stage) => {
      prepare(stage, at);
      const { status, log, outputs, report } = await stage.deploy(byArn(stage));
      expect([status, outputs['deployment-status'], outputs['region']]).toEqual([0, 'SUCCEEDED', region]);
      const all = [log, report, JSON.stringify(outputs)].join('\n');
      expect([partitionsIn(all), consolesIn(all)]).toEqual([[partition], [host]]);
      expect((await stage.deploy(byArn(stage))).outputs['deployment-status']).toBe('UNCHANGED');
    })(),
  );

  it.each(controllers)('a failure under %s is explained with links into its console', (name) =>
    on({ ...serviceUnder[name], region, play: { crashTasks: {} } }, async (stage) => {
      prepare(stage, at);
      const { inputs, env } = byArn(stage);
      const { status, log, report, outputs } = await stage.deploy({
        inputs: { ...inputs, 'wait-for-minutes': '10' },
        env,
      });
      expect(status).not.toBe(0);
      const all = [log, report, JSON.stringify(outputs)].join('\n');
      expect([partitionsIn(all), consolesIn(all)]).toEqual([[partition], [host]]);
    })(),
  );

  it(
    'an image that its registry does not have is found',
    on({ region }, async (stage) => {
      prepare(stage, at, 'v3');
      const { status, log, changes } = await stage.deploy(byArn(stage));
      expect([status, changes]).toEqual([2, []]);
      expect(log).toContain('web:v3');
    }),
  );
});
