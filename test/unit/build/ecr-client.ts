import type { ECR } from '@aws-sdk/client-ecr';
import { HttpResponse } from '@smithy/core/protocols';
import { awsClients } from '../../../shared/aws/clients';

/** What ECR answers: a body, or an error of this type. */
export type EcrAnswer = object | { readonly refuse: string };

/** The real client of ECR; `answer` is asked for each request, by its input. */
export function ecrClient(answer: (input: Record<string, unknown>) => EcrAnswer): Promise<ECR> {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  const handler = {
    async handle({ body }: { body: Uint8Array }) {
      const said = answer(JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>);
      const [statusCode, content] =
        'refuse' in said ? [400, { __type: said.refuse, message: said.refuse }] : [200, said];
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      return {
        response: new HttpResponse({ statusCode, headers, body: new TextEncoder().encode(JSON.stringify(content)) }),
      };
    },
  };
  return awsClients({ region: 'us-west-2', handler, attempts: 1 }).ecr();
}
