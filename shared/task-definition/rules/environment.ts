import { once } from '../../once';
import type { Path } from '../document';
import { api, ecs, guide, type Rules } from '../evidence';
import { broken, entries, type Problem, repeated } from '../problem';
import type { SoundContainer } from '../walk';
import { containersIn, type Rule } from './rule';

const shared = 'The secret name must be unique and not shared with any new or existing environment variables';

export const environmentRules = once(
  () =>
    ({
      variables: api('Each variable of a container is specified once; the last one wins.', 'ContainerDefinition'),
      secrets: ecs('Each secret of a container is specified once.', shared),
      crossed: ecs('A secret of a container is not also a variable.', shared),
      reference: ecs(
        'A secret refers to Secrets Manager or Parameter Store.',
        'The Systems Manager parameter name specified for secret NAME is invalid.',
      ),
      executionRole: ecs(
        'A task with secrets has an execution role, which reads them.',
        "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
      ),
      logRole: guide('A log driver with secrets has an execution role, which reads them.', 'task_execution_IAM_role'),
    }) satisfies Rules,
);

/** Variables and secrets of the containers. No value is shown: any may be secret. */
export const checkEnvironment: Rule = ({ sound }) => [
  ...containersIn(sound).flatMap(([container, path]) => [
    ...checkTwice(container, path),
    ...checkCrossed(container, path),
    ...checkReferences(container, path),
  ]),
  ...(sound.executionRoleArn ? [] : checkExecutionRole(sound.containerDefinitions ?? [])),
];

function checkTwice(container: SoundContainer, path: Path): Problem[] {
  const variables = repeated(entries([...path, 'environment'], container.environment), ({ name }) => name);
  const secrets = repeated(entries([...path, 'secrets'], container.secrets), ({ name }) => name);
  return [
    ...variables.map(([{ name }, at]) =>
      broken(environmentRules().variables, at, `the variable ${name} appears twice; the last one wins`),
    ),
    ...secrets.map(([{ name }, at]) => broken(environmentRules().secrets, at, `the secret ${name} appears twice`)),
  ];
}

/** ECS answers "The secret name must be unique and not shared with any new or existing environment variables". */
function checkCrossed(container: SoundContainer, path: Path): Problem[] {
  const variables = new Set((container.environment ?? []).map(({ name }) => name));
  const crossed = entries([...path, 'secrets'], container.secrets).filter(
    ([{ name }]) => name !== undefined && variables.has(name),
  );
  return crossed.map(([{ name }, at]) =>
    broken(environmentRules().crossed, at, `${name} is also in environment; keep one of the two`),
  );
}

/** API_Secret: the ARN of a secret or parameter, or the name of a parameter in the task's region. */
function checkReferences(container: SoundContainer, path: Path): Problem[] {
  const all = [
    ...entries([...path, 'secrets'], container.secrets),
    ...entries([...path, 'logConfiguration', 'secretOptions'], container.logConfiguration?.secretOptions),
  ];
  const rule =
    'must be the ARN of a Secrets Manager secret or of a Parameter Store parameter, or the name of a parameter';
  const wrong = all.filter(([{ valueFrom }]) => valueFrom !== undefined && !isReference(valueFrom));
  return wrong.map(([, at]) => broken(environmentRules().reference, [...at, 'valueFrom'], rule));
}

const isReference = (text: string) =>
  text === text.trim() &&
  (text.startsWith('arn:')
    ? /^arn:[^:]+:(secretsmanager|ssm):[^:]*:[^:]*:(secret:.+|parameter\/.+)$/.test(text)
    : text !== '');

/** Developer Guide, "Amazon ECS task execution IAM role". */
function checkExecutionRole(containers: readonly SoundContainer[]): Problem[] {
  const ofContainers = containers.some(({ secrets = [] }) => secrets.length > 0);
  const ofLogs = containers.some(({ logConfiguration }) => (logConfiguration?.secretOptions ?? []).length > 0);
  if (!ofContainers && !ofLogs) return [];
  const rule = ofContainers ? environmentRules().executionRole : environmentRules().logRole;
  return [broken(rule, [], 'executionRoleArn is not set, and ECS needs it to read the secrets of the containers')];
}
