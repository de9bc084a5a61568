import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plainText } from '../../shared/foreign-text';
import { on, type Stage } from './deploy-stage';

const secret = `it's <b>the</b> "secret" & more+of/it`;
const html = secret.replace(/[&<>"']/g, (c) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[c]};`);
const logLines = [
  '<script>alert(1)</script>',
  '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u009b31mred \u202eliforp',
  `token ${secret}`,
  '\u0085::set-output name=IMAGE::evil',
];
const crash = { play: { crashTasks: { exitCode: 3, logLines } } };
const shortly = { 'wait-for-minutes': '3' };
/** What a deployment is called by an AWS that means harm. */
const id = `d-<img src=x onerror=y>"'\u001b[31m..`;
const fileName = 'deployment-report-d--img-src-x-onerror-y-----31m...html';

let server: Server;
let target = '';
beforeEach(async () => {
  let real = '';
  // Hands requests on to the embedded AWS, and calls its deployment by another name.
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const inJson = JSON.stringify(id).slice(1, -1);
    const body = Buffer.concat(chunks).toString();
    const { host: _, 'content-length': __, ...headers } = request.headers as Record<string, string>;
    const sent = real === '' ? body : body.split(inJson).join(real);
    const answer = await fetch(`${target}${request.url}`, { method: request.method!, headers, body: sent });
    const text = await answer.text();
    real ||= /"deploymentId":"(d-\w+)"/.exec(text)?.[1] ?? '';
    const shown = real === '' ? text : text.split(real).join(inJson);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(shown);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function deploy(stage: Stage, hostileNames: boolean) {
  target = (await stage.aws.listen()).endpoint;
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { CI_JOB_TOKEN: secret, ...(hostileNames && { AWS_ENDPOINT_URL: proxy }) };
  return stage.deploy({ inputs: shortly, env });
}

/** The JSON beside a page. */
const factsBeside = (page: string) => readFileSync(page.replace(/html$/, 'json'), 'utf8');

/** The page has the text, as text. */
function expectHarmless(report: string) {
  expect(report).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';/,
  );
  expect(
    report.replace(
      /<\/?(?:!DOCTYPE|html|head|meta|title|style|body|main|header|h1|h2|p|strong|table|thead|tbody|tr|th|td|a|code|pre|time|svg|desc|line|rect|text|path)\b[^<>]*>/g,
      '',
    ),
  ).not.toMatch(/[<>]/);
  expect(report).not.toMatch(/<[^>]*\bonerror=/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  expect(report).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
  for (const [, address] of report.matchAll(/(?:href|src)="([^"]*)"/g))
    expect(address).toMatch(/^https:\/\/console\.aws\.amazon\.com\//);
}

describe('the report of a deployment', () => {
  it(
    'shows what a container logged as text, without credentials',
    on(crash, async (stage) => {
      const { report, log, outputs } = await deploy(stage, false);
      const facts = factsBeside(outputs['report']!);
      expect(report).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(report).toContain('token ***');
      expectHarmless(report);
      for (const form of [secret, html, JSON.stringify(secret).slice(1, -1)]) {
        expect(`${report}${log}${facts}`).not.toContain(form);
      }
      expect(facts).toContain('token ***');
      for (const { lines } of JSON.parse(facts).diagnostics) expect(lines.map(plainText)).toEqual(lines);
      expect(log.split(/[\n\u0085]/).filter((line) => /^\s*::/.test(line))).toEqual([]);
    }),
  );

  it(
    'has a name of safe characters, whatever AWS calls the deployment, and is not written through a link',
    on({}, async (stage) => {
      const victim = join(stage.folder, 'victim');
      writeFileSync(victim, 'kept');
      symlinkSync(victim, join(stage.folder, fileName));
      const { status, outputs, report } = await deploy(stage, true);
      expect([status, outputs['deployment-id'], outputs['report']]).toEqual([0, id, join(stage.folder, fileName)]);
      expect(readFileSync(victim, 'utf8')).toBe('kept');
      expect(lstatSync(outputs['report']!).isFile()).toBe(true);
      expect(report).toContain('d-&lt;img src=x onerror=y&gt;&quot;&#39;');
      expectHarmless(report);
    }),
  );
});
