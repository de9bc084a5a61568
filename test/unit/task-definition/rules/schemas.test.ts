import { app, ec2, testRules } from './examples';
import { mounted } from './places';

const exec = { executionRoleArn: 'exec' };

testRules([
  ['unknown field', ec2({ Family: 'x' }), 'error: Family: unknown field, did you mean family?', ec2()],
  [
    'unknown field of a container',
    ec2({}, { enviroment: [] }),
    `error: ${app}.enviroment: unknown field, did you mean environment?`,
    ec2({}, { environment: [] }),
  ],
  ['string', ec2({ cpu: 256 }), 'error: cpu: must be a string, got a number; write it in quotes', ec2({ cpu: '256' })],
  [
    'number',
    ec2({}, { memory: '128' }),
    `error: ${app}.memory: must be a whole number, got a string; write 128 without quotes`,
    ec2(),
  ],
  [
    'whole number',
    ec2({}, { cpu: 0.5 }),
    `error: ${app}.cpu: must be a whole number, got a number that is not whole or has more than 32 bits`,
    ec2({}, { cpu: 1 }),
  ],
  ['32 bits', ec2({}, { cpu: 2 ** 31 }), `error: ${app}.cpu: must be a whole number`, ec2({}, { cpu: 2 ** 18 })],
  [
    'boolean',
    ec2({}, { essential: 'True' }),
    `error: ${app}.essential: must be true or false, got a string; write true without quotes`,
    ec2({}, { essential: true }),
  ],
  [
    'list',
    ec2({}, { command: 'npm start' }),
    `error: ${app}.command: must be a list, got a string; write it in [ ]`,
    ec2({}, { command: ['npm', 'start'] }),
  ],
  [
    'object',
    ec2({}, { dockerLabels: [] }),
    `error: ${app}.dockerLabels: must be an object, got a list`,
    ec2({}, { dockerLabels: {} }),
  ],
  [
    'value of a map',
    ec2({}, { dockerLabels: { a: 1 } }),
    `error: ${app}.dockerLabels.a: must be a string, got a number`,
    ec2({}, { dockerLabels: { a: '1' } }),
  ],
  [
    'closed set',
    ec2({ networkMode: 'Bridge' }),
    'error: networkMode: must be one of awsvpc, bridge, host, none; got "Bridge", did you mean bridge?',
    ec2({ networkMode: 'bridge' }),
  ],
  [
    'closed set in a list',
    ec2({ requiresCompatibilities: ['FARGATES'] }),
    'error: requiresCompatibilities[0]: must be one of',
    ec2({ requiresCompatibilities: ['EC2'] }),
  ],
  ['required', { containerDefinitions: ec2().containerDefinitions }, 'error: : family is required but missing', ec2()],
  [
    'required within',
    ec2({}, { secrets: [{ name: 'A' }] }),
    `error: ${app}.secrets[0]: valueFrom is required`,
    ec2(exec, { secrets: [{ name: 'A', valueFrom: 'a' }] }),
  ],
  ['image required', ec2({}, { image: undefined }), `error: ${app}: image is required but missing`, ec2()],
  ['name required', ec2({}, { name: undefined }), `error: ${app}: name is required but missing`, ec2()],
  [
    'name of a variable required',
    ec2({}, { environment: [{ value: '' }] }),
    `error: ${app}.environment[0]: name is required but missing`,
    ec2({}, { environment: [{ name: 'A' }] }),
  ],
  [
    'volume of a mount required',
    ec2({ volumes: [{ name: 'v' }] }, { mountPoints: [{ containerPath: '/v' }] }),
    `error: ${app}.mountPoints[0]: sourceVolume is required but missing`,
    ec2({ volumes: [{ name: 'v' }] }, mounted),
  ],
  [
    'path of a mount required',
    ec2({ volumes: [{ name: 'v' }] }, { mountPoints: [{ sourceVolume: 'v' }] }),
    `error: ${app}.mountPoints[0]: containerPath is required but missing`,
    ec2({ volumes: [{ name: 'v' }] }, mounted),
  ],
  [
    'key of a tag required',
    ec2({ tags: [{ value: '' }] }),
    'error: tags[0]: key is required but missing',
    ec2({ tags: [{ key: 'a' }] }),
  ],
  [
    'name of a volume required',
    ec2({ volumes: [{ host: {} }] }),
    'error: volumes[0]: name is required but missing',
    ec2({ volumes: [{ name: 'v' }] }, mounted),
  ],
]);
