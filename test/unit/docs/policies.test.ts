import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allowedActions, listOf, policyNames, readPolicy } from '../../support/policies';

/** Those that AWS's Service Authorization Reference lists without a type of resource, or that need all of the type. */
const onAnyResource = [
  // Composite alarms are shown to roles that may see all alarms only.
  'cloudwatch:DescribeAlarms',
  'codedeploy:ListApplications',
  'codedeploy:ListDeploymentGroups',
  'codedeploy:BatchGetDeploymentGroups',
  'ecr:DescribePullThroughCacheRules',
  'ecr:DescribeRepositoryCreationTemplates',
  'ecr:GetAuthorizationToken',
  'ecs:DescribeTaskDefinition',
  'ecs:RegisterTaskDefinition',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
];
const actionNames = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

describe.each(policyNames)('docs/iam/%s.json', (name) => {
  const { Version, Statement } = readPolicy(name);

  it('is a policy whose statements have different names', () => {
    expect(Version).toBe('2012-10-17');
    const sids = Statement.map(({ Sid }) => Sid);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
    expect(new Set(sids).size).toBe(sids.length);
    expect(Statement.map(({ Effect }) => Effect)).toEqual(sids.map(() => 'Allow'));
  });

  it('names each action in full and once', () => {
    const actions = Statement.flatMap(({ Action }) => listOf(Action));
    for (const action of actions) expect(action).toMatch(/^[a-z]+:[A-Z][A-Za-z]+$/);
    expect(new Set(actions).size).toBe(actions.length);
  });

  it('passes roles to tasks of ECS only', () => {
    for (const { Action, Condition } of Statement.filter(({ Action }) => listOf(Action).includes('iam:PassRole'))) {
      expect(Action).toBe('iam:PassRole');
      expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
    }
  });

  it('is linked from the README of its action', () => {
    const action = actionNames.find((one) => name.startsWith(one));
    const readme = readFileSync(join(__dirname, `../../../actions/${action}/README.md`), 'utf8');
    expect(readme).toContain(`(../../docs/iam/${name}.json)`);
  });

  // A role made for the built-in action, as its documentation has it, allows all resources.
  if (name === 'ecs-bluegreen-deploy-codedeploy-minimal') return;

  it('allows any resource only where AWS knows no narrower one, or in one cluster', () => {
    const wide = Statement.filter(({ Resource, Condition }) => listOf(Resource).includes('*') && !Condition);
    expect(onAnyResource).toEqual(expect.arrayContaining(wide.flatMap(({ Action }) => listOf(Action))));
    for (const { Condition } of Statement) {
      expect([undefined, 'ArnEquals', 'StringEquals']).toContain(Condition && Object.keys(Condition)[0]);
    }
  });
});

it.each([
  ['build-and-push', 'build-and-push-all-inputs'],
  ['ecs-bluegreen-deploy-codedeploy-minimal', 'ecs-bluegreen-deploy-codedeploy'],
  ['ecs-bluegreen-deploy-ecs-minimal', 'ecs-bluegreen-deploy-ecs'],
])('%s allows nothing that %s does not', (less, more) => {
  const [some, all] = [allowedActions(less), allowedActions(more)];
  expect([...all]).toEqual(expect.arrayContaining([...some]));
  expect(all.size).toBeGreaterThan(some.size);
});

it('build-and-push-all-inputs allows what the table of the README lists beyond build-and-push, and no more', () => {
  const readme = readFileSync(join(__dirname, '../../../actions/build-and-push/README.md'), 'utf8');
  const rows = /\| input \| needs beyond that \|\n((?:\|.*\n)+)/.exec(readme)![1]!;
  const listed = [...rows.matchAll(/`(ecr:\w+)`/g)].map(([, action]) => action!);
  const all = new Set([...allowedActions('build-and-push'), ...listed]);
  expect([...allowedActions('build-and-push-all-inputs')].sort()).toEqual([...all].sort());
});
