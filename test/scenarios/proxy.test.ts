import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ForwardProxy, openProxy } from '../support/proxy';
import { type Act, type Deployed, type Stage, setStage } from './deploy-stage';

let stage: Stage;
let proxy: ForwardProxy;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(async () => {
  await proxy.close();
  await stage.clear();
});

/** Deploys to an AWS at a host that, unless another is given, only the proxy knows the way to. */
async function deployThrough(status: number, host = 'aws.example', env: Act['env'] = {}): Promise<Deployed> {
  proxy = await openProxy(status);
  const { port } = new URL((await stage.aws.listen(0, [host])).endpoint);
  const away = { AWS_ENDPOINT_URL: `http://${host}:${port}`, HTTP_PROXY: proxy.url };
  return stage.deploy({ env: { ...away, ...env } });
}

describe('where AWS is reached through a proxy', () => {
  it('deploys, and tells nobody the password of the proxy', async () => {
    const { status, outputs, log, report } = await deployThrough(200);
    expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
    expect(new Set(proxy.asked.map(({ host }) => host.replace(/:\d+$/, '')))).toEqual(new Set(['aws.example']));
    expect(log + report).not.toMatch(/hidden(@|%40)word/);
  });

  it('says that the proxy refuses, at once, and has changed nothing', async () => {
    const { status, log, changes } = await deployThrough(407);
    expect([status, changes]).toEqual([1, []]);
    const { host } = new URL(proxy.url);
    expect(log).toMatch(
      new RegExp(
        `Error: cannot call \\w+:\\w+: the proxy ${host} requires a login \\(status 407\\); name a user and password`,
      ),
    );
    expect(log).not.toMatch(/hidden(@|%40)word/);
  });

  it('tries again where the proxy fails', async () => {
    const { status, log } = await deployThrough(503);
    expect(status).toBe(1);
    expect(proxy.asked.length).toBeGreaterThan(1);
    expect(log).toMatch(
      /Error: cannot call \w+:\w+: no answer \(the proxy \S+: status 503\); check the region, the endp/,
    );
  });

  it('does not use a proxy that NO_PROXY rules out', async () => {
    // Another name of this machine, which needs no look-up.
    const { status } = await deployThrough(200, '0.0.0.0', { NO_PROXY: '0.0.0.0' });
    expect([status, proxy.asked]).toEqual([0, []]);
  });
});
