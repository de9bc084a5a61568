import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers of AWS, by the name of the call, changed on their way; `asked` is the body of the request. */
export type Rewrite = (call: string, answer: Record<string, unknown>, asked: string) => unknown;

/** An AWS in the middle that says what it likes. The calls are counted by name. */
export async function rewritingAws(endpoint: string, rewrite: Rewrite) {
  const calls = new Map<string, number>();
  const server = createServer((incoming, outgoing) => {
    const call = String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    calls.set(call, (calls.get(call) ?? 0) + 1);
    const { method, url, headers } = incoming;
    const asked: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => asked.push(chunk));
    const passed = request(
      endpoint + url,
      { method, headers: { ...headers, host: new URL(endpoint).host } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          const isJson = answer.statusCode === 200 && body.startsWith('{');
          const changed = Buffer.from(
            isJson ? JSON.stringify(rewrite(call, JSON.parse(body), Buffer.concat(asked).toString())) : body,
          );
          outgoing
            .writeHead(answer.statusCode ?? 500, { ...answer.headers, 'content-length': changed.length })
            .end(changed);
        });
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
