import { describe, expect, it } from '@jest/globals';
import { onService, strategies } from './deploy-ecs-stage';
import { application, family, group, on, type Stage, serviceOf, taskDefinition } from './deploy-stage';
import { isFound, type Rule } from './preflight';

const region = 'arn:aws:ecs:us-west-2:123456789012';
const elsewhere = 'arn:aws:ecs:us-west-2:999999999999';

const target = { ContainerName: 'MyContainer', ContainerPort: 80 };
const resource = (properties: object, type = 'AWS::ECS::Service') => ({
  TargetService: { Type: type, Properties: properties },
});
const properties = { TaskDefinition: '<TASK_DEFINITION>', LoadBalancerInfo: target };

/** An AppSpec of these parts in place of sound ones. */
const appSpec = (parts: object) => (stage: Stage) =>
  stage.write('appspec.json', { version: 0.0, Resources: [resource(properties)], ...parts });

const groupOf = ({ aws }: Stage) =>
  aws.compute.state.applications.get(application)?.groups.get(group) as unknown as Record<string, unknown>;

const named: readonly Rule[] = [
  {
    name: 'a revision that was deregistered',
    inputs: { 'task-definition': `${family}:1` },
    given: ({ aws }) => Object.assign(aws.compute.state.taskDefinitions[0]!.definition, { status: 'INACTIVE' }),
    problem: `task-definition: ${family}:1 is INACTIVE; only an ACTIVE revision can be deployed`,
  },
  {
    name: 'a revision of another account',
    inputs: { 'task-definition': `${elsewhere}:task-definition/${family}:1` },
    problem: 'is of account 999999999999, but the service is of account 123456789012',
  },
  {
    name: 'a service of another account',
    inputs: { cluster: 'EcsCluster', service: `${elsewhere}:service/EcsCluster/EcsService` },
    problem: 'service: is of account 999999999999, but the credentials are of account 123456789012',
  },
  {
    name: 'a service that is in another cluster',
    inputs: { cluster: 'EcsCluster', service: `${region}:service/Other/EcsService` },
    problem: 'is in cluster Other',
  },
  {
    name: 'a cluster of another partition',
    inputs: { cluster: 'arn:aws-cn:ecs:us-west-2:123456789012:cluster/EcsCluster' },
    problem: /cluster: .*aws-cn/,
  },
  { name: 'an ARN that is no cluster', inputs: { cluster: 'arn:aws:s3:::bucket' }, problem: /cluster: must be/ },
  { name: 'an ARN that is no service', inputs: { service: 'arn:aws:s3:::bucket' }, problem: /service: must be/ },
  {
    name: 'a task that cannot run where the service does',
    given: ({ write }) => write('task.json', taskDefinition({ requiresCompatibilities: ['EC2'] })),
    problem: 'task-definition: requires EC2, but the service runs on FARGATE; add it to requiresCompatibilities',
  },
  ...['codedeploy-application', 'codedeploy-deployment-group', 'codedeploy-deployment-config'].map((name) => ({
    name: `an ARN as ${name}`,
    inputs: { [name]: 'arn:aws:codedeploy:us-west-2:123456789012:application:x' },
    problem: new RegExp(`${name}: must be a name, not an ARN`),
  })),
  {
    name: 'a configuration of another platform',
    inputs: { 'codedeploy-deployment-config': 'CodeDeployDefault.LambdaAllAtOnce' },
    problem: /codedeploy-deployment-config: .*CodeDeployDefault\.LambdaAllAtOnce/,
  },
  {
    name: 'a service without a load balancer, for which no AppSpec can be made',
    given: (stage) => Object.assign(serviceOf(stage), { loadBalancers: [] }),
    problem: 'codedeploy-appspec: was not found, and none can be generated: the service has no load balancer',
  },
  {
    name: 'a number that is none',
    inputs: { 'poll-interval-seconds': 'soon' },
    problem: /poll-interval-seconds: must be a/,
  },
  { name: 'a word that is none of those', inputs: { 'wait-until': 'tomorrow' }, problem: 'wait-until: must be one of' },
  { name: 'a flag that is neither', inputs: { 'dry-run': 'perhaps' }, problem: 'dry-run: must be true or false' },
];

const ofAppSpec: readonly Rule[] = [
  {
    name: 'no YAML',
    given: ({ write }) => write('appspec.yaml', 'a: [b'),
    problem: 'appspec.yaml:1:6: is not YAML: Flow sequence in block',
  },
  {
    name: 'no mapping',
    given: ({ write }) => write('appspec.yaml', '- a'),
    problem: 'appspec.yaml: must be a mapping',
  },
  { name: 'another version', given: appSpec({ version: 2 }), problem: 'appspec.json version: must be 0.0, got 2' },
  { name: 'no resource', given: appSpec({ Resources: [] }), problem: /appspec\.json Resources: must/ },
  {
    name: 'two resources',
    given: appSpec({ Resources: [resource(properties), resource(properties)] }),
    problem: /appspec\.json Resources: must/,
  },
  {
    name: 'a resource of another type',
    given: appSpec({ Resources: [resource(properties, 'AWS::Lambda::Function')] }),
    problem: /appspec\.json .*AWS::ECS::Service/,
  },
  {
    name: 'no properties',
    given: appSpec({ Resources: [{ TargetService: { Type: 'AWS::ECS::Service' } }] }),
    problem: /Properties/,
  },
  {
    name: 'hooks that are no list',
    given: appSpec({ Hooks: 'AfterInstall' }),
    problem: /appspec\.json Hooks: must be/,
  },
  {
    name: 'no container',
    given: appSpec({ Resources: [resource({ LoadBalancerInfo: { ContainerPort: 80 } })] }),
    problem: /appspec\.json LoadBalancerInfo.*ContainerName/,
  },
  {
    name: 'no port',
    given: appSpec({ Resources: [resource({ LoadBalancerInfo: { ContainerName: 'MyContainer' } })] }),
    problem: /appspec\.json LoadBalancerInfo.*ContainerPort/,
  },
  {
    name: 'a port that is not open',
    given: appSpec({ Resources: [resource({ LoadBalancerInfo: { ...target, ContainerPort: 81 } })] }),
    problem: /appspec\.json LoadBalancerInfo: container MyContainer does not open port 81/,
  },
  {
    name: 'a hook without a function',
    given: appSpec({ Hooks: [{ AfterInstall: '' }] }),
    problem: /Hooks\.AfterInstall: /,
  },
  {
    name: 'a hook that holds a placeholder',
    given: appSpec({ Hooks: [{ AfterInstall: '<LambdaFunction>' }] }),
    problem: /Hooks\.AfterInstall: .*<LambdaFunction>/,
  },
  {
    name: 'a hook that appears twice',
    given: appSpec({ Hooks: [{ AfterInstall: 'a' }, { AfterInstall: 'b' }] }),
    problem: 'Hooks.AfterInstall: is specified more than once',
  },
  {
    name: 'a function of another region',
    given: appSpec({ Hooks: [{ AfterInstall: 'arn:aws:lambda:eu-west-1:123456789012:function:check' }] }),
    problem: /Hooks\.AfterInstall: .*eu-west-1/,
  },
  {
    name: 'a folder in the place of a file',
    inputs: { 'codedeploy-appspec': '.' },
    problem: /codedeploy-appspec: /,
  },
];

describe('before anything is changed under CODE_DEPLOY', () => {
  it.each(named)('$name is found', (rule) => on({}, isFound(rule))());

  it.each(ofAppSpec)('an AppSpec with $name is found', (rule) => on({}, isFound(rule))());

  it(
    'the group is found behind many applications',
    on({}, async (stage) => {
      const { applications } = stage.aws.compute.state;
      const [own] = [...applications];
      applications.clear();
      for (const name of ['a', 'b', 'c']) applications.set(name, { ...own![1], name, groups: new Map() });
      applications.set(...own!);
      const inputs = { 'codedeploy-application': '', 'codedeploy-deployment-group': '', 'dry-run': 'true' };
      const { status, log } = await stage.deploy({ inputs });
      expect(status).toBe(0);
      expect(log).toContain(`blue/green by ${application}/${group}`);
    }),
  );

  it(
    'several groups of the service are listed, and nothing is changed',
    on({}, async (stage) => {
      const { applications } = stage.aws.compute.state;
      const info = { ...groupOf(stage), applicationName: 'second', deploymentGroupName: 'other' };
      const second = { ...applications.get(application)!, name: 'second', groups: new Map([['other', info as never]]) };
      applications.set('second', second);
      await isFound({
        inputs: { 'codedeploy-application': '', 'codedeploy-deployment-group': '' },
        problem: `several deploy this service: ${application}/${group}, second/other`,
      })(stage);
    }),
  );
});

describe('before anything is changed under the ECS controller', () => {
  const daemon = (stage: Stage) => Object.assign(serviceOf(stage), { schedulingStrategy: 'DAEMON' });

  it.each<Rule>([
    {
      name: 'a number of tasks for a service that runs one on each instance',
      given: daemon,
      inputs: { 'desired-count': '3' },
      problem: 'desired-count: cannot be set: the service runs one task on each instance',
    },
    {
      name: 'a strategy that such a service cannot have',
      given: daemon,
      inputs: { strategy: 'canary' },
      problem: 'strategy: canary does not support DAEMON services',
    },
  ])('$name is found', (rule) => onService(strategies[0], {}, isFound(rule))());

  it(
    'Service Connect is enough for a strategy that moves traffic',
    onService(strategies[0], {}, async (stage) => {
      const service = serviceOf(stage);
      service.loadBalancers = [];
      service.serviceConnect = { enabled: true };
      const { status, log } = await stage.deploy({ inputs: { strategy: 'canary', 'dry-run': 'true' } });
      expect(log).not.toContain('needs a load balancer');
      expect(status).toBe(0);
    }),
  );
});
