import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A forward proxy that makes connections (CONNECT). */
export interface ForwardProxy {
  /** With a user and a password. */
  readonly url: string;
  /** What was asked for, in order. */
  readonly asked: readonly { readonly host: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Opens one on loopback. Every host is this machine; a status other than 200 refuses them all, and 0 never answers. */
export async function openProxy(status = 200): Promise<ForwardProxy> {
  const asked: { host: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    asked.push({ host: url, authorization: headers['proxy-authorization'] });
    client.on('error', () => {});
    if (status === 0) return;
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const target = connect(Number(url.replace(/^.*:/, '')), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://user:hidden%40word@127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
