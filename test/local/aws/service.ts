/** What one service of the embedded AWS is to the protocol layer. */
export interface Service {
  /** The prefix of its permissions: `ecs`, `ecr`, `codedeploy`, `elasticloadbalancing`, `logs`, `sts`. */
  readonly name: string;
  /** How requests reach it: JSON 1.1 with `X-Amz-Target: <target>.<Operation>`, or the query protocol. */
  readonly protocol: { readonly json: { readonly target: string } } | { readonly query: { readonly version: string } };
  /** The SDK package's exports: operation schemas are `<Operation>$`. */
  readonly schemas: Readonly<Record<string, unknown>>;
  /** The operations by name. Input and output have the shapes of the SDK's types; dates are Date objects. */
  readonly operations: Readonly<Record<string, (input: never) => unknown>>;
}

/** An error that AWS answers with. `fields` are further members of a modelled error. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
