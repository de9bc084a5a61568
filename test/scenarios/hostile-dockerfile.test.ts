// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seedBaseImage } from '../local/aws/registry/seed';
import type { HereOptions } from '../support/in-process';
import { marker, openRepositoryScene, type RepositoryScene } from './hostile-repository-scene';

let scene: RepositoryScene['scene'];
let run: RepositoryScene['run'];
let close: RepositoryScene['close'];
beforeEach(async () => {
  ({ scene, run, close } = await openRepositoryScene());
});
afterEach(() => close());

describe('a Dockerfile that takes no time and no memory', () => {
  const doubling = Array.from({ length: 40 }, () => 'ENV A=$A$A').join('\n');
  const many = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at));

  it.each<[string, string, RegExp]>([
    ['variables that double', `FROM scratch\nENV A=xx\n${doubling}\n`, /ENV: "\$A\$A" becomes longer than 1048576/],
    ['arguments that double', `ARG A=xx\n${doubling.replace(/ENV/g, 'ARG')}\nFROM scratch\n`, /becomes longer/],
    [
      'many large variables',
      `FROM scratch\nARG A=${'x'.repeat(900_000)}\n${many(9, (at) => `ENV B${at}=$A`).join('\n')}\n`,
      /configuration of the image larger than 4194304/,
    ],
    [
      'many large labels',
      `FROM scratch\nARG A=${'x'.repeat(900_000)}\n${many(9, (at) => `LABEL b${at}=$A`).join('\n')}\n`,
      /larger than 4194304/,
    ],
    [
      'deep variables',
      `FROM scratch\nENV A=${'${A:-'.repeat(10_000)}${'}'.repeat(10_000)}\n`,
      /more than 100 variables within each other/,
    ],
    [
      'one line of dollars',
      `FROM ${'${'.repeat(500_000)}\n`,
      /\$\{\$\{…\} is an expansion that BuildKit does not support$/,
    ],
    [
      'all ports again and again',
      `FROM scratch\n${many(2000, () => 'EXPOSE 1-65535').join('\n')}\n`,
      /EXPOSE: the instructions up to here/,
    ],
    [
      'large words again and again',
      `FROM scratch\nARG A=${'x'.repeat(900_000)}\n${many(2000, () => 'EXPOSE $A').join('\n')}\n`,
      /EXPOSE: must be ports/,
    ],
    ['100,000 stages', many(100_000, () => 'FROM scratch').join('\n'), /the stage after 10000/],
    [
      'more than 100,000 instructions',
      `FROM scratch\n${many(110_000, () => 'ENV A=1').join('\n')}`,
      /instruction 100001/,
    ],
    ['a file of another kind', `${marker} ${'x'.repeat(1_000_000)}\n`, /Dockerfile:1 [A-Z]+: comes before/],
    [
      'a file of other keywords',
      many(10_000, (at) => `${marker}${at} x`).join('\n'),
      /Dockerfile:1: comes before.* and 9990 more$/,
    ],
    ['90,000 commands', `FROM scratch\n${many(90_000, () => 'RUN x').join('\n')}`, /and 89989 more\); use/],
  ])('%s is refused in one short line', async (_, dockerfile, problem) => {
    scene.write({ Dockerfile: dockerfile });
    const { status, errors } = await run();
    expect([status, errors]).toEqual([2, [expect.stringMatching(problem)]]);
    expect(errors[0]!.length).toBeLessThan(2_500);
  });

  it('is refused where a variable of the base image makes it too large', async () => {
    const config = { Env: [`A=${'x'.repeat(700_000)}`] };
    await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files: {}, config });
    scene.write({ Dockerfile: `FROM ${scene.endpoint.registryHost}/base:1\nENV B=$A$A\n` });
    const { status, errors } = await run();
    expect([status, errors]).toEqual([2, [expect.stringMatching(/:2 ENV: "\$A\$A" becomes longer than/)]]);
  });

  it('keeps strange variables of a base image', async () => {
    const config = { Env: ['odd', '=x', 'A=1', 'A=2'], Labels: null, ExposedPorts: null };
    await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files: {}, config });
    scene.write({ Dockerfile: `FROM ${scene.endpoint.registryHost}/base:1\nENV B=$A\n` });
    const { status, errors, outputs } = await run();
    expect([status, errors]).toEqual([0, []]);
    expect((await configOf(outputs['image-digest']!)).config).toMatchObject({
      Env: ['odd', '=x', 'A=1', 'A=2', expect.stringMatching(/^PATH=/), 'B=2'],
    });
  });

  it('builds thousands of stages, each made from the one before', async () => {
    const stages = many(9_999, (at) => `FROM ${at} AS s\nENV A${at}=${at}`);
    scene.write({ Dockerfile: `FROM scratch\n${stages.join('\n')}\n` });
    const { status, errors, outputs } = await run();
    expect([status, errors]).toEqual([0, []]);
    expect((await configOf(outputs['image-digest']!)).history).toHaveLength(9_999);
  });

  it('ends in the middle of its instructions at a signal', async () => {
    scene.write({ Dockerfile: `FROM scratch\n${many(90_000, (at) => `LABEL l${at}=v`).join('\n')}\n` });
    let isSent = false;
    // It calls nobody meanwhile; what it prints is heard before it goes on.
    const onOutput: HereOptions['onOutput'] = (text, run) => {
      if (isSent || !text.includes('LABEL l5=v')) return;
      // Before it is sent: the run prints that it was interrupted.
      isSent = true;
      run.kill('SIGTERM');
    };
    const { status, output } = await run({}, { onOutput });
    expect(status).toBe(143);
    expect(output).not.toContain('LABEL l89999=v');
  });

  it('has long instructions cut in the log', async () => {
    scene.write({ Dockerfile: `FROM scratch\nLABEL a=${'x'.repeat(1_000_000)}\n` });
    const { status, output } = await run();
    expect(status).toBe(0);
    expect(output.length).toBeLessThan(10_000);
  });
});

async function configOf(digest: string): Promise<{ config: { Env: string[] }; history: unknown[] }> {
  const { manifest } = scene.aws.ecr.repository('team/app').images.get(digest)!;
  const { config } = JSON.parse(manifest.toString()) as { config: { digest: string } };
  const chunks: Buffer[] = [];
  for await (const chunk of scene.aws.ecr.blobs.read(config.digest)) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
