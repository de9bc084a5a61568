import { app, ec2, type Parts, testRules } from './examples';

const mesh = (proxy: Parts) => ({
  networkMode: 'awsvpc',
  proxyConfiguration: {
    containerName: 'app',
    properties: ['IgnoredUID', 'AppPorts', 'ProxyIngressPort', 'ProxyEgressPort'].map((name) => ({ name, value: '1' })),
    ...proxy,
  },
});

const systemControls = (namespace: string) => ({ systemControls: [{ namespace, value: '1' }] });

testRules([
  ['empty tags', ec2({ tags: [] }), 'error: tags: is an empty list, which ECS refuses', ec2({ volumes: [] })],
  [
    'tag twice',
    ec2({
      tags: [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
    }),
    'warning: tags[1]: the tag a appears twice',
    ec2({
      tags: [
        { key: 'a', value: '1' },
        { key: 'A', value: '2' },
      ],
    }),
  ],
  [
    'size of all',
    ec2({}, { environment: [{ name: 'A', value: 'x'.repeat(65_536) }] }),
    'error: : has 65',
    ec2({}, { environment: [{ name: 'A', value: 'x'.repeat(60_000) }] }),
  ],
  [
    'Elastic Inference',
    ec2({ inferenceAccelerators: [{ deviceName: 'a', deviceType: 'eia1.medium' }] }),
    'warning: inferenceAccelerators: Elastic Inference is no longer available',
    ec2({ inferenceAccelerators: [] }),
  ],
  [
    'use of Elastic Inference',
    ec2(
      { inferenceAccelerators: [{ deviceName: 'a', deviceType: 'eia1.medium' }] },
      { resourceRequirements: [{ type: 'InferenceAccelerator', value: 'a' }] },
    ),
    `warning: ${app}.resourceRequirements[0]: Elastic Inference is no longer available (since 2023-04-15)`,
    ec2({}, { resourceRequirements: [{ type: 'GPU', value: '1' }] }),
  ],
  [
    'placement',
    ec2({ placementConstraints: [{ type: 'memberOf' }] }),
    'warning: placementConstraints[0]: expression is required',
    ec2({ placementConstraints: [{ type: 'memberOf', expression: 'attribute:a == b' }] }),
  ],
  [
    'network parameters of the machine',
    ec2({ networkMode: 'host', ipcMode: 'task' }, systemControls('net.core.somaxconn')),
    `warning: ${app}.systemControls[0].namespace: is not supported with networkMode host, got "net.core.somaxconn"`,
    ec2({ networkMode: 'bridge', ipcMode: 'host' }, systemControls('net.core.somaxconn')),
  ],
  [
    'IPC parameters of the machine',
    ec2({ networkMode: 'bridge', ipcMode: 'host' }, systemControls('kernel.shmmax')),
    `warning: ${app}.systemControls[0].namespace: is not supported with ipcMode host, got "kernel.shmmax"`,
    ec2({ networkMode: 'host', ipcMode: 'task' }, systemControls('kernel.shmmax')),
  ],
  [
    'proxy container',
    ec2(mesh({ containerName: 'envoy' })),
    'warning: proxyConfiguration.containerName: there is no container "envoy"',
    ec2(mesh({})),
  ],
  [
    'proxy properties',
    ec2(mesh({ properties: [{ name: 'IgnoredGID', value: '1' }] })),
    'warning: proxyConfiguration: must have the properties AppPorts, ProxyIngressPort, ProxyEgressPort',
    ec2(mesh({})),
  ],
  [
    'proxy user',
    ec2(mesh({ properties: [] })),
    'warning: proxyConfiguration: must have the property IgnoredUID or IgnoredGID',
    ec2(mesh({})),
  ],
  [
    'proxy network',
    ec2({ ...mesh({}), networkMode: 'bridge' }),
    'warning: proxyConfiguration: needs networkMode awsvpc',
    ec2(mesh({})),
  ],
]);
