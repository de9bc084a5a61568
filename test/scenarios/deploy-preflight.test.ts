import { CodeDeploy } from '@aws-sdk/client-codedeploy';
import { ECR } from '@aws-sdk/client-ecr';
import { describe, expect, it } from '@jest/globals';
import { application, container, deny, family, group, on, type Stage, serviceOf, taskDefinition } from './deploy-stage';
import { commonRules, isFound, type Rule } from './preflight';

const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' };
const settings = ({ aws }: Stage) => ({ region: aws.region, credentials, requestHandler: aws.handler as never });
const groupOf = ({ aws }: Stage) =>
  aws.compute.state.applications.get(application)?.groups.get(group) as unknown as Record<string, unknown>;
const appSpec = (target: string, hooks = '') => `version: 0.0
Resources:
  - TargetService: { Type: "AWS::ECS::Service", Properties: { LoadBalancerInfo: { ${target} } } }
${hooks}`;

const imageOf = (image: string) => taskDefinition({ containerDefinitions: [container({ image })] });

const rules: readonly Rule[] = [
  ...commonRules,
  { name: 'no region', env: { AWS_REGION: '' }, problem: 'region: is not known' },
  {
    name: 'a region that contradicts the cluster',
    inputs: { cluster: 'arn:aws:ecs:us-west-2:123456789012:cluster/EcsCluster', region: 'eu-west-1' },
    problem: 'cluster: is in us-west-2, but region says eu-west-1',
  },
  {
    name: 'a task definition of another account',
    inputs: {
      'task-definition': `arn:aws:ecs:us-west-2:999999999999:task-definition/${family}:1`,
      cluster: 'arn:aws:ecs:us-west-2:123456789012:cluster/EcsCluster',
    },
    problem: 'task-definition: is of account 999999999999, but cluster is of account 123456789012',
  },
  {
    name: 'a cluster that does not exist',
    inputs: { cluster: 'Nope' },
    problem: 'cluster: there is no cluster Nope in us-west-2',
  },
  {
    name: 'a service that does not exist',
    inputs: { service: 'Nope' },
    problem: 'service: there is no service Nope in cluster EcsCluster in us-west-2',
  },
  {
    name: 'the EXTERNAL controller',
    given: (stage) => Object.assign(serviceOf(stage), { controller: 'EXTERNAL' }),
    problem: 'service: EcsService is under the EXTERNAL controller: its own tool creates its task sets',
  },
  {
    name: 'a controller of tomorrow',
    given: (stage) => Object.assign(serviceOf(stage), { controller: 'TRAFFIC_MESH' }),
    problem: 'service: EcsService is under the TRAFFIC_MESH controller: this version cannot deploy to it',
  },
  {
    name: 'a task definition file that does not exist',
    inputs: { 'task-definition': 'nope.json' },
    problem: /task-definition: there is no file nope\.json; looked for .*nope\.json/,
  },
  {
    name: 'a word that is neither a file nor a revision',
    inputs: { 'task-definition': 'nope' },
    problem: /task-definition: there is no file nope, and it is neither an ARN nor family:revision; looked for .*nope/,
  },
  {
    name: 'a revision that does not exist',
    inputs: { 'task-definition': `${family}:9` },
    problem: `task-definition: there is no task definition ${family}:9 in us-west-2`,
  },
  {
    name: 'a file that is no JSON',
    given: (stage) => stage.write('task.json', '{ "family": '),
    problem: /task\.json:1/,
  },
  {
    name: 'a field that ECS does not know',
    given: (stage) => stage.write('task.json', taskDefinition({ containerDefinitions: [container({ Image: 'x' })] })),
    problem: /containerDefinitions\[0\]\.Image: .*image/,
  },
  {
    name: 'an image whose repository does not exist',
    given: (stage) => stage.write('task.json', imageOf('123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1')),
    problem: 'the registry of account 123456789012 has no repository app',
  },
  {
    name: 'an image that does not exist',
    given: async (stage) => {
      await new ECR(settings(stage)).createRepository({ repositoryName: 'app' });
      stage.write('task.json', imageOf('123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1'));
    },
    problem: 'task-definition: image 123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1 is not in the repository',
  },
  {
    name: 'an image that is in the archive, from which nobody can pull it',
    given: ({ aws, write }) => {
      aws.ecr.putImage('app', { tags: ['1'] }).archived = true;
      write('task.json', imageOf('123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1'));
    },
    problem: 'app:1 is ARCHIVED in ECR and cannot be pulled; restore it, or build and push it again',
  },
  {
    name: 'an application that does not exist',
    inputs: { 'codedeploy-application': 'nope' },
    problem: 'codedeploy-deployment-group: there is no application nope',
  },
  {
    name: 'a group that does not exist',
    inputs: { 'codedeploy-deployment-group': 'nope' },
    problem: 'there is no deployment group nope in application tutorial-bluegreen-app',
  },
  {
    name: 'no group that deploys the service',
    inputs: { 'codedeploy-application': '', 'codedeploy-deployment-group': '' },
    given: (stage) =>
      Object.assign(groupOf(stage), { ecsServices: [{ clusterName: 'EcsCluster', serviceName: 'Other' }] }),
    problem: 'there is no application AppECS-EcsCluster-EcsService, and no other one deploys this service',
  },
  {
    name: 'a group of another service',
    given: (stage) =>
      Object.assign(groupOf(stage), { ecsServices: [{ clusterName: 'EcsCluster', serviceName: 'Other' }] }),
    problem: 'tutorial-bluegreen-dg deploys EcsCluster/Other, not EcsCluster/EcsService',
  },
  {
    name: 'a group of another platform',
    given: (stage) => Object.assign(groupOf(stage), { computePlatform: 'Lambda' }),
    problem: 'tutorial-bluegreen-dg is for Lambda, not for ECS',
  },
  {
    name: 'a deployment configuration that does not exist',
    inputs: { 'codedeploy-deployment-config': 'Nope' },
    problem: 'codedeploy-deployment-config: there is no deployment configuration Nope',
  },
  {
    name: 'test traffic without a test listener',
    inputs: { 'wait-until': 'test-traffic' },
    given: (stage) =>
      Object.assign(groupOf(stage), { loadBalancerInfo: { targetGroupPairInfoList: [{ targetGroups: [] }] } }),
    problem: 'wait-until: test-traffic never comes: tutorial-bluegreen-dg has no test listener',
  },
  {
    name: 'an AppSpec that does not exist',
    inputs: { 'codedeploy-appspec': 'deploy/appspec.yaml' },
    problem: /codedeploy-appspec: was not found; looked for .*deploy\/appspec\.yaml/,
  },
  {
    name: 'an AppSpec with another container',
    given: (stage) => stage.write('appspec.yml', appSpec('ContainerName: web, ContainerPort: 80')),
    problem: 'appspec.yml LoadBalancerInfo: container web is not in the task definition; it has MyContainer',
  },
  {
    name: 'an AppSpec with an unknown hook',
    given: (stage) =>
      stage.write(
        'appspec.json',
        appSpec('ContainerName: MyContainer, ContainerPort: 80', 'Hooks: [{ AfterTests: x }]'),
      ),
    problem: 'appspec.json Hooks.AfterTests: is not an event that can have a hook',
  },
  ...['Created', 'Queued', 'InProgress', 'Baking', 'Ready'].map((status) => ({
    name: `a deployment that is ${status} where an active one is refused`,
    inputs: { 'if-deploying': 'fail' },
    given: ({ aws }: Stage) => {
      const id = aws.compute.startCompetingDeployment(application, group);
      Object.assign(aws.compute.state.deployments.find((deployment) => deployment.id === id)!, { status });
    },
    problem: /if-deploying: deployment d-\w+ is active, and fail was asked for/,
  })),
];

describe('before anything is changed', () => {
  it.each(rules)('$name is found', (rule) => on({}, isFound(rule))());

  it(
    'all problems are told together',
    on({}, async (stage) => {
      stage.write('task.json', imageOf('123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1'));
      stage.write('appspec.yaml', appSpec('ContainerName: web, ContainerPort: 80'));
      const { log } = await stage.deploy({ inputs: { 'codedeploy-deployment-group': 'nope' } });
      expect(log).toMatch(/Error: 3 inputs are wrong: .*no repository app.*no deployment group nope.*container web/);
    }),
  );

  it(
    'files that are not there are told with the other inputs, before AWS is asked',
    on({}, async (stage) => {
      const files = { 'task-definition': 'nope.json', 'codedeploy-appspec': 'none.yaml' };
      const { status, log } = await stage.deploy({ inputs: { ...files, region: 'mars', strategy: 'big-bang' } });
      expect(status).toBe(2);
      expect(log).toMatch(/Error: 4 inputs are wrong: strategy: .* \| region: .*none\.yaml.*nope\.json/);
      expect(stage.aws.calls).toEqual([]);
    }),
  );

  it(
    'an AWS that refuses is no wrong input, and says that nothing was changed',
    on({}, async (stage) => {
      deny(stage, 'ecs:DescribeServices');
      const { status, log, changes } = await stage.deploy();
      expect([status, changes]).toEqual([1, []]);
      expect(log).toMatch(
        /Error: cannot call ecs:DescribeServices: .*allow ecs:DescribeServices.* Nothing was changed\./,
      );
    }),
  );
});

describe('several groups', () => {
  it(
    'are listed',
    on({}, async (stage) => {
      const info = groupOf(stage) as { serviceRoleArn: string };
      const codedeploy = new CodeDeploy(settings(stage));
      await codedeploy.createApplication({ applicationName: 'second', computePlatform: 'ECS' }).catch(() => {
        const applications = stage.aws.compute.state.applications;
        const copy = { ...info, applicationName: 'second', deploymentGroupName: 'other-dg' };
        applications.set('second', {
          ...applications.get(application)!,
          name: 'second',
          groups: new Map([['other-dg', copy as never]]),
        });
      });
      const inputs = { 'codedeploy-application': '', 'codedeploy-deployment-group': '' };
      const { status, log } = await stage.deploy({ inputs });
      expect(status).toBe(2);
      expect(log).toContain(
        'several deploy this service: tutorial-bluegreen-app/tutorial-bluegreen-dg, second/other-dg',
      );
    }),
  );
});
