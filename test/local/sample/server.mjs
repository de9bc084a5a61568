/** Serves one page that names a city. It reads the page once: an image never changes. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const page = readFileSync(new URL('templates/index.html', import.meta.url), 'utf8');
const port = Number(process.env.PORT ?? 80);
// In a container of its own the port is published, so it listens on all addresses there; on a shared machine HOST says 127.0.0.1.
const host = process.env.HOST || undefined;

const server = createServer((request, response) => {
  try {
    serve(request, response);
  } catch (error) {
    console.error(`${request.method} ${request.url}: ${error}`);
    response.writeHead(500, { 'content-type': 'text/plain' }).end('500: internal server error\n');
  }
});

function serve(request, response) {
  if (request.url === '/health') return response.end('ok\n');
  if (request.url !== '/') return response.writeHead(404).end('not found\n');
  const body = greet();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(body);
}

function greet() {
  return page;
}

server.listen(port, host, () => console.log(`serving on port ${server.address().port}`));

// ECS sends SIGTERM before it takes a task away: answers on their way are finished first.
process.once('SIGTERM', () => server.close(() => process.exit(0)));
