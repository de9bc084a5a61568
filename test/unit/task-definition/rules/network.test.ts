import { app, ec2, fargate, type Parts, testRules } from './examples';

const ports = (...portMappings: Parts[]) => ({ portMappings });

testRules([
  [
    'network mode of Fargate',
    fargate({ networkMode: 'bridge' }),
    'error: networkMode: must be awsvpc for Fargate, got bridge',
    fargate(),
  ],
  [
    'no network mode on Fargate',
    fargate({ networkMode: undefined }),
    'error: : networkMode must be awsvpc for Fargate, got none',
    fargate(),
  ],
  [
    'ports without network',
    ec2({ networkMode: 'none' }, ports({ containerPort: 80 })),
    `warning: ${app}.portMappings: must be empty with networkMode none`,
    ec2({ networkMode: 'none' }, ports()),
  ],
  [
    'links outside bridge',
    ec2({ networkMode: 'host' }, { links: ['b'] }, { name: 'b' }),
    `warning: ${app}.links: needs networkMode bridge, got host`,
    ec2({ networkMode: 'bridge' }, { links: ['b'] }, { name: 'b' }),
  ],
  [
    'host name in awsvpc',
    ec2({ networkMode: 'awsvpc' }, { hostname: 'x' }),
    `error: ${app}.hostname: is not supported with networkMode awsvpc`,
    ec2({}, { hostname: 'x' }),
  ],
  [
    'extra hosts in awsvpc',
    ec2({ networkMode: 'awsvpc' }, { extraHosts: [{ hostname: 'x', ipAddress: '10.0.0.2' }] }),
    `warning: ${app}.extraHosts: is not supported with networkMode awsvpc`,
    ec2({ networkMode: 'awsvpc' }, { extraHosts: [] }),
  ],
  [
    'host port in awsvpc',
    fargate({}, ports({ containerPort: 80, hostPort: 8080 })),
    `error: ${app}.portMappings[0].hostPort: must be left out or be the containerPort 80`,
    fargate({}, ports({ containerPort: 80, hostPort: 80 })),
  ],
  [
    'no port',
    ec2({}, ports({ protocol: 'tcp' })),
    `warning: ${app}.portMappings[0]: containerPort or containerPortRange is required`,
    ec2({}, ports({ containerPort: 1 })),
  ],
  [
    'port range',
    ec2({}, ports({ containerPortRange: '90-80' })),
    `warning: ${app}.portMappings[0].containerPortRange: must be two ports`,
    ec2({}, ports({ containerPortRange: '80-90' })),
  ],
  [
    'port range with port',
    ec2({}, ports({ containerPort: 1, containerPortRange: '80-90' })),
    `warning: ${app}.portMappings[0].containerPortRange: cannot be combined with`,
    ec2({}, ports({ containerPortRange: '80-90' })),
  ],
  [
    'port range in host mode',
    ec2({ networkMode: 'host' }, ports({ containerPortRange: '80-90' })),
    `warning: ${app}.portMappings[0].containerPortRange: needs networkMode bridge or awsvpc`,
    ec2({ networkMode: 'bridge' }, ports({ containerPortRange: '80-90' })),
  ],
  [
    'taken port',
    fargate({}, ports({ containerPort: 80 }), { name: 'b', ...ports({ containerPort: 80 }) }),
    'warning: containerDefinitions[1].portMappings[0]: the port 80/tcp is taken',
    fargate({}, ports({ containerPort: 80 }), { name: 'b', ...ports({ containerPort: 80, protocol: 'udp' }) }),
  ],
  [
    'taken host port',
    ec2({}, ports({ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 80 })),
    `warning: ${app}.portMappings[1]: the port 80/tcp is taken`,
    ec2({}, ports({ containerPort: 80, hostPort: 0 }, { containerPort: 80, hostPort: 0 })),
  ],
  [
    'overlapping port ranges',
    ec2({}, ports({ containerPortRange: '80-90' }, { containerPortRange: '90-99' })),
    `warning: ${app}.portMappings[1]: 90-99 overlaps 80-90, another mapping of this container`,
    ec2({}, ports({ containerPortRange: '80-90' }, { containerPortRange: '80-90', protocol: 'udp' })),
  ],
  [
    'port in a range',
    ec2({}, ports({ containerPortRange: '80-90' }, { containerPort: 85 })),
    `warning: ${app}.portMappings[1]: 85 overlaps 80-90, another mapping of this container`,
    ec2({}, ports({ containerPortRange: '80-90' }, { containerPort: 91 })),
  ],
  [
    'port name twice',
    ec2({}, ports({ containerPort: 80, name: 'a' }, { containerPort: 81, name: 'a' })),
    `warning: ${app}.portMappings[1].name: there is more than one port mapping "a"`,
    ec2({}, ports({ containerPort: 80, name: 'a' }, { containerPort: 81, name: 'b' })),
  ],
  [
    'protocol without name',
    ec2({}, ports({ containerPort: 80, appProtocol: 'http' })),
    `warning: ${app}.portMappings[0].appProtocol: has an effect only for a named port`,
    ec2({}, ports({ containerPort: 80, name: 'a', appProtocol: 'http' })),
  ],
]);
