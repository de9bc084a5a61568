import { once } from '../../once';
import type { Path } from '../document';
import { api, ecs, type Rules } from '../evidence';
import { broken, entries, type Problem, quote, repeated } from '../problem';
import type { Sound, SoundContainer } from '../walk';
import { containersIn, type Rule } from './rule';

export const taskRules = once(
  () =>
    ({
      tags: ecs('A list of tags is not empty.', 'Tags can not be empty.'),
      tagTwice: api('Each tag is specified once.', 'Tag'),
      proxyContainer: api('The proxy is a container of the task.', 'ProxyConfiguration'),
      proxyProperties: api('The proxy has its ports, and a user or group that it leaves alone.', 'ProxyConfiguration'),
      placement: api('A placement constraint has an expression.', 'TaskDefinitionPlacementConstraint'),
      systemControls: api('No kernel parameter is set that would apply to the whole machine.', 'SystemControl'),
      size: ecs(
        'A task definition has at most 64 KiB.',
        "Actual length: '70000'. Max allowed length is '65536' bytes.",
      ),
      retired: api('Elastic Inference is no longer available.', 'RegisterTaskDefinition'),
    }) satisfies Rules,
);

/** Rules of the task as a whole that concern neither its size nor its network. */
export const checkTask: Rule = ({ sound }) => [
  ...checkTags(sound),
  ...checkProxy(sound),
  ...checkPlacement(sound),
  ...containersIn(sound).flatMap(([container, path]) => checkSystemControls(sound, container, path)),
  ...checkRetired(sound),
];

function checkTags({ tags }: Sound): Problem[] {
  // ECS answers "Tags can not be empty." to an empty list, and refuses a key that comes twice.
  if (tags?.length === 0) return [broken(taskRules().tags, ['tags'], 'is an empty list, which ECS refuses; remove it')];
  const twice = repeated(entries(['tags'], tags), ({ key }) => key);
  return twice.map(([{ key }, path]) => broken(taskRules().tagTwice, path, `the tag ${key} appears twice`));
}

/** API_ProxyConfiguration: the App Mesh proxy is a container of the task, and these properties are required. */
function checkProxy({ proxyConfiguration: proxy, containerDefinitions }: Sound): Problem[] {
  if (!proxy) return [];
  const path = ['proxyConfiguration'];
  const names = (containerDefinitions ?? []).map(({ name }) => name);
  const properties = new Set((proxy.properties ?? []).map(({ name }) => name));
  const missing = ['AppPorts', 'ProxyIngressPort', 'ProxyEgressPort'].filter((name) => !properties.has(name));
  const hasUser = properties.has('IgnoredUID') || properties.has('IgnoredGID');
  return [
    ...(proxy.containerName && !names.includes(proxy.containerName)
      ? [
          broken(
            taskRules().proxyContainer,
            [...path, 'containerName'],
            `there is no container ${JSON.stringify(proxy.containerName)}`,
          ),
        ]
      : []),
    ...(missing.length > 0
      ? [broken(taskRules().proxyProperties, path, `must have the properties ${missing.join(', ')}`)]
      : []),
    ...(hasUser ? [] : [broken(taskRules().proxyProperties, path, 'must have the property IgnoredUID or IgnoredGID')]),
  ];
}

/** API_TaskDefinitionPlacementConstraint: its one type, memberOf, is a question that the expression asks. */
function checkPlacement({ placementConstraints }: Sound): Problem[] {
  const open = entries(['placementConstraints'], placementConstraints).filter(([{ expression }]) => !expression);
  return open.map(([, path]) =>
    broken(taskRules().placement, path, 'expression is required, such as attribute:ecs.os-type == linux'),
  );
}

/** API_SystemControl: what belongs to a namespace of the machine is not set for a container. */
function checkSystemControls(task: Sound, { systemControls }: SoundContainer, path: Path): Problem[] {
  return entries([...path, 'systemControls'], systemControls).flatMap(([{ namespace = '' }, at]) => {
    const mode = namespace.startsWith('net.') ? 'networkMode' : 'ipcMode';
    if (task[mode] !== 'host') return [];
    return [
      broken(
        taskRules().systemControls,
        [...at, 'namespace'],
        `is not supported with ${mode} host, got ${quote(namespace)}`,
      ),
    ];
  });
}

/** Developer Guide, "Amazon ECS endpoints and quotas": task definition size limit, 64 KiB. */
const largest = 64 * 1024;

/** The size of the whole, as ECS counts it. */
export const checkWeight: Rule = ({ source }) => {
  const size = Buffer.byteLength(JSON.stringify(source));
  if (size <= largest) return [];
  return [
    broken(
      taskRules().size,
      [],
      `has ${size} bytes without white space; ECS accepts at most ${largest} (env-files may hold the rest)`,
    ),
  ];
};

/** API_RegisterTaskDefinition: Elastic Inference has not been available since 2023-04-15. */
function checkRetired(task: Sound): Problem[] {
  const isUsed = (task.inferenceAccelerators ?? []).length > 0;
  const uses = containersIn(task).flatMap(([{ resourceRequirements }, path]) =>
    entries([...path, 'resourceRequirements'], resourceRequirements).filter(
      ([{ type }]) => type === 'InferenceAccelerator',
    ),
  );
  const problem = 'Elastic Inference is no longer available (since 2023-04-15)';
  return [
    ...(isUsed ? [broken(taskRules().retired, ['inferenceAccelerators'], problem)] : []),
    ...uses.map(([, path]) => broken(taskRules().retired, path, problem)),
  ];
}
