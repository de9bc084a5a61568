import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { closePace, container, on, type Stage, taskDefinition } from './deploy-stage';

const canary = { ...closePace, 'codedeploy-deployment-config': 'CodeDeployDefault.ECSCanary10Percent5Minutes' };

async function reportOf(stage: Stage, inputs: Readonly<Record<string, string>> = canary) {
  const { report, outputs, status } = await stage.deploy({ inputs });
  const facts = JSON.parse(readFileSync(outputs['report']!.replace(/html$/, 'json'), 'utf8'));
  return { status, report, facts };
}

/** The text of a page as a reader sees it. */
const textOf = (page: string) =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');

describe('the report and its facts', () => {
  it(
    'of a canary tell the same: outcome, images, traffic, tasks, stages and times',
    on({}, async (stage) => {
      const { report, facts } = await reportOf(stage);
      expect(facts).toMatchObject({
        version: 1,
        status: 'SUCCEEDED',
        exitStatus: 0,
        service: 'EcsService',
        cluster: 'EcsCluster',
        region: 'us-west-2',
        controller: 'CODE_DEPLOY',
        images: [
          {
            container: 'MyContainer',
            before: 'public.ecr.aws/nginx/nginx:1.27',
            after: 'public.ecr.aws/nginx/nginx:1.28',
          },
        ],
        diagnostics: [],
      });
      expect(facts.traffic.map(({ green }: { green: number }) => green)).toEqual([0, 10, 100]);
      expect(facts.tasks.at(-1)).toMatchObject({ green: { running: 2, desired: 2 } });
      expect(facts.stages.map(({ name }: { name: string }) => name)).toEqual(
        expect.arrayContaining(['Install', 'AllowTraffic', 'AfterAllowTraffic']),
      );
      expect(Date.parse(facts.endedAt) - Date.parse(facts.startedAt)).toBe(facts.seconds * 1_000);
      const text = textOf(report);
      for (const { container: name, before, after } of facts.images) {
        for (const word of [name, before, after]) expect(text).toContain(word);
      }
      for (const { text: line } of facts.events) expect(text).toContain(line.replace(/\s+/g, ' ').trim());
      for (const line of facts.plan) expect(text).toContain(line.replace(/\s+/g, ' ').trim());
      expect(text).toContain(facts.deployment.id);
      for (const at of [facts.startedAt, facts.endedAt]) {
        expect(report).toContain(`<time datetime="${at}">`);
        expect(text).toContain(`${at.slice(0, 10)} ${at.slice(11, 19)} UTC`);
      }
      expect(text).toContain('green 10% after');
    }),
  );

  it(
    'of a crash loop of an hour fit into 60 KB, with the cause and the log set apart',
    on(
      { play: { crashTasks: { exitCode: 3, logLines: Array.from({ length: 40 }, () => '"<&>\''.repeat(100)) } } },
      async (stage) => {
        const environment = Array.from({ length: 300 }, (_, at) => ({ name: `NAME_${at}`, value: `"value" ${at}` }));
        stage.write('task.json', taskDefinition({ containerDefinitions: [container({ environment })] }));
        const { status, report, facts } = await reportOf(stage, {});
        expect(status).toBe(3);
        expect(Buffer.byteLength(report)).toBeLessThan(60_000);
        expect(report).toMatch(/<pre class="log"[^>]*aria-label="Log of the newest of them">/);
        expect(textOf(report)).toContain(facts.cause.replace(/\s+/g, ' '));
        expect(facts.failedAfter).toBeGreaterThan(0);
      },
    ),
  );

  it(
    'can be read by a screen reader and on paper, in the dark, without a script',
    on({}, async (stage) => {
      const { report } = await reportOf(stage);
      expect(report).toContain('<html lang="en">');
      expect(report).not.toMatch(/<script|\son\w+=/);
      expect(report).toContain('@media print');
      expect(report).toContain('prefers-color-scheme:dark');
      expect(report.match(/<h1\b/g)).toHaveLength(1);
      expect(report.match(/<main>/g)).toHaveLength(1);
      for (const [header] of report.matchAll(/<th\b[^>]*>/g)) expect(header).toMatch(/scope="(row|col)"/);
      const [, ids] = /<svg [^>]*role="img" aria-labelledby="([\w ]+)"/.exec(report)!;
      for (const id of ids!.split(' ')) expect(report).toMatch(new RegExp(`<(title|desc) id="${id}">[^<]`));
    }),
  );
});
