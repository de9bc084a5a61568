import { expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { awsClients } from '../../../shared/aws/clients';

process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
process.env['AWS_SECRET_ACCESS_KEY'] = 'example';

const hour = 3_600_000;
/** Milliseconds by which a signature may be off. */
const tolerance = 300_000;

/** An AWS whose clock is behind by so many milliseconds, and that looks at the time of signatures. */
function awsBehind(ms: number) {
  const asked: boolean[] = [];
  const handler = {
    async handle({ headers }: { headers: Record<string, string> }) {
      const signedAt = Date.parse(headers['x-amz-date']!.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
      const now = Date.now() - ms;
      const inTime = Math.abs(signedAt - now) < tolerance;
      asked.push(inTime);
      const refusal = { __type: 'InvalidSignatureException', message: 'Signature not yet current' };
      const response = new HttpResponse({
        statusCode: inTime ? 200 : 400,
        headers: { 'content-type': 'application/x-amz-json-1.1', date: new Date(now).toUTCString() },
        body: new TextEncoder().encode(JSON.stringify(inTime ? { clusters: [] } : refusal)),
      });
      return { response };
    },
  };
  return { asked, aws: awsClients({ region: 'us-west-2', handler }) };
}

it.each([
  ['with attempts', false],
  ['that send each request once', true],
])('clients %s learn the time of AWS where this machine has another', async (_, isSingle) => {
  const { asked, aws } = awsBehind(hour);
  const ecs = await (isSingle ? aws.once() : aws).ecs();
  await expect(ecs.describeClusters({})).resolves.toMatchObject({ clusters: [] });
  await ecs.describeClusters({});
  expect(asked).toEqual([false, true, true]);
});
