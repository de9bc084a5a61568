import * as http from 'node:http';
import * as https from 'node:https';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { type Destination, type Environment, ProxyRefusal, proxyFor } from './find';

export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** Milliseconds within which a proxy must have made the connection. */
const proxyTimeout = 10_000;

/** Agents whose connections go through the proxies that the environment names, and directly where it names none. */
export function createAgents(env: Environment, options: http.AgentOptions): Agents {
  const httpAgent = new http.Agent(options);
  const httpsAgent = new https.Agent(options);
  through(httpAgent, 'http:', env, (proxy) => new HttpProxyAgent({ ...options, proxy }));
  through(httpsAgent, 'https:', env, (proxy) => new HttpsProxyAgent({ ...options, proxy }));
  return { httpAgent, httpsAgent };
}

function through(
  agent: http.Agent,
  protocol: Destination['protocol'],
  env: Environment,
  make: (proxy: URL) => http.Agent,
): void {
  const direct = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const proxy = proxyFor({ protocol, host: options.host ?? '', port: Number(options.port) }, env);
    if (!proxy) return direct(options, callback);
    return make(proxy).createConnection({ timeout: proxyTimeout, ...options }, (error, socket) =>
      callback?.(error && explain(error, proxy), socket),
    );
  };
}

const nextLogin = 'name a user and password that it accepts in HTTPS_PROXY, as in http://USER:PASSWORD@HOST:PORT';

/** What the connection through a proxy failed of, with what decides whether it is tried again. */
function explain(error: Error & { readonly code?: string }, { host }: URL): Error {
  const [, status] = /^Bad response: (\d+)/.exec(error.message) ?? [];
  if (status === '407') return new ProxyRefusal(`the proxy ${host} requires a login (status 407); ${nextLogin}`);
  if (status && Number(status) < 500) {
    return new ProxyRefusal(`the proxy ${host} refuses it (status ${status}); check HTTPS_PROXY and NO_PROXY`);
  }
  const reason = status ? `status ${status}` : error.message;
  return Object.assign(new Error(`the proxy ${host}: ${reason}`), { code: error.code ?? 'ECONNREFUSED' });
}
