import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../../local/aws/embedded';

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

/** The two ways to reach the embedded AWS. */
export const ways = ['in process', 'over HTTP'] as const;
export type Way = (typeof ways)[number];

/** An embedded AWS that is reached both ways. */
export interface BothWays {
  readonly aws: EmbeddedAws;
  readonly http: Endpoint;
  /** The configuration of a client that reaches it in one of them. */
  configOf(
    way: Way,
    maxAttempts?: number,
  ): { readonly region: string; readonly credentials: typeof credentials; readonly maxAttempts: number };
}

export async function openBothWays(): Promise<BothWays> {
  const aws = createEmbeddedAws();
  const http = await aws.listen();
  return {
    aws,
    http,
    configOf: (way, maxAttempts = 1) => ({
      region: aws.region,
      credentials,
      maxAttempts,
      ...(way === 'in process' ? { requestHandler: aws.handler as never } : { endpoint: http.endpoint }),
    }),
  };
}
