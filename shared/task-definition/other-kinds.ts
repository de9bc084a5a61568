import type { Node, ObjectNode } from './tree';

type KindOf = (field: string) => Node['kind'] | undefined;

/** What else a file may be, by the fields at its top. The first that fits is told. */
const kinds: readonly { readonly is: (kindOf: KindOf) => boolean; readonly problem: string }[] = [
  {
    is: (kindOf) => kindOf('Resources') === 'object',
    problem:
      'is a CloudFormation template, not a task definition; write the properties of its AWS::ECS::TaskDefinition into a file, with names such as containerDefinitions',
  },
  { is: (kindOf) => kindOf('Resources') === 'list', problem: 'is an AppSpec, not a task definition' },
  {
    is: (kindOf) => kindOf('Actions') !== undefined && kindOf('SchemaVersion') !== undefined,
    problem: 'is a CodeCatalyst workflow, not a task definition',
  },
  { is: (kindOf) => kindOf('jobs') === 'object', problem: 'is a GitHub workflow, not a task definition' },
  { is: (kindOf) => kindOf('runs') === 'object', problem: 'is the manifest of a GitHub action, not a task definition' },
  {
    is: (kindOf) => kindOf('services') === 'object',
    problem: 'is a Compose file, not a task definition; write its services as containerDefinitions',
  },
  {
    is: (kindOf) => kindOf('services') === 'list' || kindOf('serviceName') !== undefined,
    problem: 'is a service of ECS, not a task definition; aws ecs describe-task-definition prints one',
  },
];

/** What an object is if it is not a task definition but another file that lies beside one; undefined where nothing says so. */
export function otherKindOf({ fields }: ObjectNode): string | undefined {
  if (fields.some(({ name }) => /^(?:container_?definitions|family)$/i.test(name))) return undefined;
  const kindOf: KindOf = (name) => fields.find((field) => field.name === name)?.value.kind;
  return kinds.find(({ is }) => is(kindOf))?.problem;
}

/** What a list is: containers without their task, or what CodePipeline reads. It continues a message. */
export function hintForList(whole: Node): string {
  const [first] = whole.kind === 'list' ? whole.items : [];
  const names = first?.kind === 'object' ? first.fields.map(({ name }) => name) : [];
  if (names.includes('imageUri')) return ', as imagedefinitions.json of CodePipeline has it';
  return names.includes('image') ? ' of containers; put it under containerDefinitions, beside family' : '';
}
