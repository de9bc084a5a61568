/** One request that reached the embedded AWS. */
export interface RecordedCall {
  /** `ecs`, `ecr`, …, or `registry` for the image registry. */
  readonly service: string;
  /** `DescribeServices`; for the registry the method and the kind of resource, such as `PUT blobs`. */
  readonly operation: string;
  readonly input: unknown;
  /** Whether it asks for a change. */
  readonly mutating: boolean;
  /** Milliseconds since the epoch, by the driven clock. */
  readonly at: number;
  /** `ok`, the code of the error, `status 503`, `dropped` or `hung`. */
  readonly outcome: string;
}

const reading = /^(Describe|List|Get|BatchGet|BatchCheck)|^(GET|HEAD) /;

/** Whether an operation changes something. */
export const isMutating = (operation: string): boolean => !reading.test(operation);
