import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostNames, type Workplace, workplace } from '../support/hosts';

/** Ways of AWS not to answer. */
const ways = {
  'sends no headers': () => {},
  'sends a body that never ends': (response: import('node:http').ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '1000' });
    response.write('{"taskDefinition":');
  },
};

let server: Server;
let place: Workplace;
let asked: () => void;
let answer: (response: import('node:http').ServerResponse) => void;
beforeEach(async () => {
  place = workplace();
  server = createServer((_, response) => {
    answer(response);
    asked();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(async () => {
  place.remove();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const actions = {
  'build-and-push': { repository: 'app', tags: 'v1', builder: 'builtin' },
  'render-task-definition': { 'task-definition': 'web', 'container-name': 'a', image: 'a:1' },
  'ecs-bluegreen-deploy': {
    service: 'web',
    cluster: 'main',
    'task-definition': 'arn:aws:ecs:us-west-2:123456789012:task-definition/web:1',
  },
} as const;

describe.each(Object.entries(ways))('with an AWS that %s', (_, way) => {
  describe.each(Object.keys(actions) as (keyof typeof actions)[])('%s', (action) => {
    it.each(hostNames)('ends within seconds of a signal on %s, says so and leaves nothing', async (host) => {
      place.write('Dockerfile', 'FROM scratch\nCOPY Dockerfile /\n');
      let child: import('node:child_process').ChildProcess | undefined;
      let sent = 0;
      asked = () => {
        if (sent === 0) child?.kill('SIGTERM');
        sent = Date.now();
      };
      answer = way;
      const env = {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_REGION: 'us-west-2',
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'b',
      };
      const run = await place.runBundle(host, action, actions[action], { env, onStart: (one) => (child = one) });
      // Left alone, six attempts of ten seconds each follow.
      expect(Date.now() - sent).toBeLessThan(20_000);
      expect([run.status, run.everything]).toEqual([143, expect.stringContaining('interrupted by SIGTERM')]);
      expect(readdirSync(place.temp)).toEqual([]);
    });
  });
});
