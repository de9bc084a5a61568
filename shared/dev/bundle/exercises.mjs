// @ts-check
/** The usual runs of each action, which its bundle is trained by. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/**
 * A run that a bundle is trained by.
 * @typedef {object} Exercise
 * @property {string} kind what it has in common with others: help, or where it runs
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} [env]
 * @property {number} [ends] its exit status, by default 0
 * @property {boolean} [isRare] whether people seldom wait for it
 * @property {boolean} [isRicher] whether only what no other exercise calls is of its kind
 * @property {boolean} [isOnline] whether it has credentials, and an ECR that answers
 */

const taskDefinition = {
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'app:1', essential: true, memory: 128 }],
};

/** As most services have: what its checks look at is more than the least, and not all of it is in all. */
const richTaskDefinition = {
  family: 'shop',
  executionRoleArn: 'arn:aws:iam::111122223333:role/execution',
  taskRoleArn: 'arn:aws:iam::111122223333:role/shop',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '512',
  memory: '1024',
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  containerDefinitions: [
    {
      name: 'app',
      image: '111122223333.dkr.ecr.us-west-2.amazonaws.com/app:1',
      essential: true,
      portMappings: [{ name: 'http', containerPort: 8080, protocol: 'tcp', appProtocol: 'http' }],
      environment: [{ name: 'LOG_LEVEL', value: 'info' }],
      secrets: [{ name: 'PASSWORD', valueFrom: 'arn:aws:ssm:us-west-2:111122223333:parameter/password' }],
      healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/ || exit 1'], interval: 30, retries: 3 },
      mountPoints: [{ sourceVolume: 'temporary', containerPath: '/tmp' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/shop', 'awslogs-region': 'us-west-2', 'awslogs-stream-prefix': 'app' },
      },
    },
    {
      name: 'proxy',
      image: 'envoy:1',
      essential: false,
      dependsOn: [{ containerName: 'app', condition: 'HEALTHY' }],
      ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
    },
  ],
  volumes: [{ name: 'temporary' }],
  tags: [{ key: 'team', value: 'shop' }],
};

/** More than what is compressed without asking whether the registry has it. */
const page = '<p>Some text that compresses as the sources of an application do.</p>\n'.repeat(4_000);

const author = 'A <a@example.com> 0 +0000';
/** A commit of the empty tree, as git stores it. */
const commit = `tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor ${author}\ncommitter ${author}\n\nBegin\n`;
const object = `commit ${commit.length}\0${commit}`;
const commitId = createHash('sha1').update(object).digest('hex');

/** A git repository with one commit. */
const repository = {
  'app/.git/HEAD': 'ref: refs/heads/main\n',
  'app/.git/refs/heads/main': `${commitId}\n`,
  'app/.git/config': '[remote "origin"]\n\turl = https://example.com/app.git\n',
  [`app/.git/objects/${commitId.slice(0, 2)}/${commitId.slice(2)}`]: deflateSync(object),
};

/**
 * The files that all exercises find.
 * @param {string} registry host and port of the registry that answers
 * @returns {Readonly<Record<string, string | Buffer>>}
 */
export const filesFor = (registry) => ({
  'task.json': JSON.stringify(taskDefinition),
  'rich.json': JSON.stringify(richTaskDefinition, null, 2),
  Dockerfile: 'FROM scratch\n',
  'base/Dockerfile': 'FROM scratch\nCOPY lib /usr/lib/\nENV PATH=/usr/bin\nCMD ["/usr/bin/node"]\n',
  'base/lib/a': 'a',
  'app/Dockerfile': `
ARG BASE=${registry}/app:base
FROM \${BASE}
LABEL org.opencontainers.image.title="app"
ENV NODE_ENV=production PORT=8080
WORKDIR /app
COPY package.json ./
COPY --chown=1000:1000 src/ ./src/
COPY . .
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=30s CMD ["node", "health.js"]
ENTRYPOINT ["node"]
CMD ["src/index.js"]
`,
  'app/.dockerignore': '# not for the image\n.git\nnode_modules\n**/*.log\n',
  'app/package.json': '{}\n',
  ...repository,
  ...Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`app/src/page-${at}.html`, page])),
});

const github = {
  GITHUB_ACTIONS: 'true',
  GITHUB_OUTPUT: 'outputs',
  GITHUB_STEP_SUMMARY: 'summary',
  RUNNER_TEMP: 'temp',
};
const codecatalyst = { CATALYST_WORKFLOW_PROJECT_NAME: 'shop' };

/** @param {Readonly<Record<string, string>>} inputs */
const variables = (inputs) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

/**
 * @param {Readonly<Record<string, string>>} inputs
 * @param {Partial<Pick<Exercise, 'kind' | 'ends' | 'isOnline' | 'isRicher'>>} [more]
 * @returns {readonly Exercise[]}
 */
const onShellAndGithub = (inputs, more = {}) => [
  { kind: 'shell', args: Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value]), ...more },
  { kind: 'github', args: [], env: { ...github, ...variables(inputs) }, ...more },
];

const richer = { kind: 'rich', isRicher: true };
const builtin = { repository: 'app', builder: 'builtin' };

/** @type {Readonly<Record<string, readonly Exercise[]>>} */
export const exercises = {
  'render-task-definition': [
    { kind: 'help', args: ['--help'], isRare: true },
    ...onShellAndGithub({ 'task-definition': 'task.json', image: 'app:2' }),
    {
      kind: 'codecatalyst',
      args: [],
      env: { ...codecatalyst, ...variables({ 'task-definition': 'task.json', image: 'app:2' }) },
    },
    ...onShellAndGithub(
      {
        'task-definition': 'rich.json',
        'container-name': 'app',
        image: 'app:2',
        'environment-variables': 'LOG_LEVEL=debug',
      },
      richer,
    ),
  ],
  // Without credentials, up to the first call of AWS: no request leaves the machine.
  'ecs-bluegreen-deploy': [
    { kind: 'help', args: ['--help'], isRare: true },
    ...onShellAndGithub(
      { service: 'web', cluster: 'prod', 'task-definition': 'task.json', region: 'us-west-2' },
      { ends: 1 },
    ),
    ...onShellAndGithub(
      { service: 'web', cluster: 'prod', 'task-definition': 'rich.json', region: 'us-west-2' },
      { ...richer, ends: 1 },
    ),
  ],
  'build-and-push': [
    { kind: 'help', args: ['--help'], isRare: true },
    ...onShellAndGithub({ ...builtin, tags: '1', region: 'us-west-2' }, { ends: 1 }),
    // Each image is built twice: what is there already is the usual case.
    ...onShellAndGithub({ ...builtin, tags: 'base', context: 'base' }, { isOnline: true }),
    ...onShellAndGithub({ ...builtin, tags: '1,latest', context: 'app' }, { isOnline: true }),
    {
      kind: 'codecatalyst',
      args: [],
      env: { ...codecatalyst, ...variables({ ...builtin, tags: '2', context: 'app' }) },
      isOnline: true,
    },
  ],
};
