import { app, ec2, type Parts, testRules } from './examples';

const mounted = { mountPoints: [{ sourceVolume: 'v', containerPath: '/v' }] };

const s3files = (parts: Parts) => ({
  volumes: [
    {
      name: 'v',
      s3filesVolumeConfiguration: {
        fileSystemArn: 'arn:aws:s3files:us-west-2:111122223333:file-system/fs-1',
        accessPointArn: 'arn:aws:s3files:us-west-2:111122223333:file-system/fs-1/access-point/fsap-1',
        ...parts,
      },
    },
  ],
});
const efs = (parts: Parts) => ({
  volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1', ...parts } }],
});

testRules([
  [
    'volume not defined',
    ec2({ volumes: [{ name: 'vol' }] }, mounted),
    `error: ${app}.mountPoints[0].sourceVolume: there is no volume "v"`,
    ec2({ volumes: [{ name: 'v' }] }, mounted),
  ],
  [
    'volume not mounted',
    ec2({ volumes: [{ name: 'v' }] }),
    'warning: volumes[0]: no container mounts the volume v',
    ec2({ volumes: [{ name: 'v' }] }, mounted),
  ],
  [
    'volume twice',
    ec2({ volumes: [{ name: 'v' }, { name: 'v' }] }, mounted),
    'warning: volumes[1].name: there is more than one volume "v"',
    ec2({ volumes: [{ name: 'v' }] }, mounted),
  ],
  [
    'two kinds',
    ec2({ volumes: [{ name: 'v', configuredAtLaunch: true, host: { sourcePath: '/x' } }] }, mounted),
    'error: volumes[0]: must be of one kind, got host and configuredAtLaunch',
    ec2({ volumes: [{ name: 'v', configuredAtLaunch: true, host: {} }] }, mounted),
  ],
  [
    'two at launch',
    ec2(
      {
        volumes: [
          { name: 'v', configuredAtLaunch: true },
          { name: 'w', configuredAtLaunch: true },
        ],
      },
      { mountPoints: [...mounted.mountPoints, { sourceVolume: 'w', containerPath: '/w' }] },
    ),
    'warning: volumes[1]: only one volume may be configured at launch',
    ec2({ volumes: [{ name: 'v', configuredAtLaunch: true }] }, mounted),
  ],
  [
    'access point',
    ec2(efs({ authorizationConfig: { accessPointId: 'fsap-1' } }), mounted),
    'warning: volumes[0].efsVolumeConfiguration: an access point needs "transitEncryption": "ENABLED"',
    ec2(efs({ transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' } }), mounted),
  ],
  [
    'IAM for EFS',
    ec2(efs({ authorizationConfig: { iam: 'ENABLED' } }), mounted),
    'warning: volumes[0].efsVolumeConfiguration: IAM authorization needs',
    ec2(efs({ authorizationConfig: { iam: 'DISABLED' } }), mounted),
  ],
  [
    'root of an access point',
    ec2(
      efs({ transitEncryption: 'ENABLED', rootDirectory: '/x', authorizationConfig: { accessPointId: 'fsap-1' } }),
      mounted,
    ),
    'error: volumes[0].efsVolumeConfiguration.rootDirectory: must be left out or be /',
    ec2(efs({ rootDirectory: '/x' }), mounted),
  ],
  [
    'autoprovision',
    ec2({ volumes: [{ name: 'v', dockerVolumeConfiguration: { scope: 'task', autoprovision: true } }] }, mounted),
    'warning: volumes[0].dockerVolumeConfiguration.autoprovision: has an effect only',
    ec2({ volumes: [{ name: 'v', dockerVolumeConfiguration: { scope: 'shared', autoprovision: true } }] }, mounted),
  ],
  [
    'path mounted twice',
    ec2({ volumes: [{ name: 'v' }] }, { mountPoints: [...mounted.mountPoints, ...mounted.mountPoints] }),
    `warning: ${app}.mountPoints[1].containerPath: /v is mounted twice`,
    ec2({ volumes: [{ name: 'v' }] }, mounted),
  ],
  [
    'root directory of an access point of S3 Files',
    ec2(s3files({ rootDirectory: '/x' }), mounted),
    'warning: volumes[0].s3filesVolumeConfiguration.rootDirectory: must be left out or be /',
    ec2(s3files({ rootDirectory: '/' }), mounted),
  ],
]);
