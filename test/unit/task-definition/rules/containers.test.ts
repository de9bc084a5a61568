import { app, ec2, testRules } from './examples';

testRules([
  [
    'no containers',
    ec2({ containerDefinitions: [] }),
    'error: containerDefinitions: must hold at least one container',
    ec2(),
  ],
  [
    'essential',
    ec2({}, { essential: false }),
    'error: containerDefinitions: at least one container must be essential',
    ec2({}, { essential: false }, { name: 'b' }),
  ],
  [
    'container twice',
    ec2({}, {}, { name: 'app' }),
    'error: containerDefinitions[1].name: there is more than one container "app"',
    ec2({}, {}, { name: 'App' }),
  ],
  [
    'dependency',
    ec2({}, { dependsOn: [{ containerName: 'dbx', condition: 'START' }] }, { name: 'db' }),
    `warning: ${app}.dependsOn[0].containerName: there is no other container "dbx", did you mean db?`,
    ec2({}, { dependsOn: [{ containerName: 'db', condition: 'START' }] }, { name: 'db' }),
  ],
  [
    'dependency on itself',
    ec2({}, { dependsOn: [{ containerName: 'app', condition: 'START' }] }),
    `warning: ${app}.dependsOn[0].containerName: there is no other container "app"`,
    ec2(),
  ],
  [
    'cycle',
    ec2(
      {},
      { dependsOn: [{ containerName: 'b', condition: 'START' }] },
      { name: 'b', dependsOn: [{ containerName: 'app', condition: 'START' }] },
    ),
    `error: ${app}.dependsOn: containers wait for each other: app → b → app`,
    ec2({}, { dependsOn: [{ containerName: 'b', condition: 'START' }] }, { name: 'b' }),
  ],
  [
    'end of an essential container',
    ec2({}, { dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] }, { name: 'b' }),
    `error: ${app}.dependsOn[0].condition: SUCCESS needs b to have "essential": false`,
    ec2({}, { dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] }, { name: 'b', essential: false }),
  ],
  [
    'health without check',
    ec2({}, { dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }, { name: 'b' }),
    `warning: ${app}.dependsOn[0].condition: HEALTHY needs b to have a healthCheck`,
    ec2(
      {},
      { dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] },
      { name: 'b', healthCheck: { command: ['CMD', 'x'] } },
    ),
  ],
  [
    'volumes from',
    ec2({}, { volumesFrom: [{ sourceContainer: 'x' }] }),
    `warning: ${app}.volumesFrom[0].sourceContainer: there is no other container "x"`,
    ec2({}, { volumesFrom: [{ sourceContainer: 'b' }] }, { name: 'b' }),
  ],
  [
    'link',
    ec2({}, { links: ['x:y'] }),
    `warning: ${app}.links[0]: there is no other container "x"`,
    ec2({}, { links: ['b:y'] }, { name: 'b' }),
  ],
  [
    'health command',
    ec2({}, { healthCheck: { command: ['curl'] } }),
    `warning: ${app}.healthCheck.command: must begin with CMD or CMD-SHELL`,
    ec2({}, { healthCheck: { command: ['CMD-SHELL', 'curl'] } }),
  ],
]);
