import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openScene, type Scene } from '../scenarios/build-scene';

let scene: Scene;
let programs: string;
beforeEach(async () => {
  scene = await openScene();
  programs = join(scene.source, '..', 'programs');
  mkdirSync(programs);
  const fake = join(__dirname, '../support/build-fake-docker.cjs');
  chmodSync(fake, 0o755);
  // Waits after the login until it is told to go on.
  const wait = `echo the login is there; while [ ! -e ${programs}/go-on ]; do sleep 0.05; done`;
  writeFileSync(
    join(programs, 'docker'),
    `#!/bin/sh\ncase "$*" in build\\ *|buildx\\ build*) ${wait};; esac\nexec ${fake} "$@"\n`,
    { mode: 0o755 },
  );
});
afterEach(() => scene.close());

const env = () => ({
  PATH: `${programs}:${process.env['PATH']}`,
  FAKE_DOCKER_NOTES: join(programs, 'notes'),
  FAKE_DOCKER_BUILDX: '0.24.0',
  RUNNER_DEBUG: '1',
});
const goOn = () => writeFileSync(join(programs, 'go-on'), '');
const folders = () => readdirSync(scene.temp).filter((name) => name.startsWith('ecs-action-'));
const build = (options: Parameters<Scene['run']>[1] = {}) =>
  scene.runBundle({ builder: 'docker', tags: 'v1' }, { env: env(), ...options });
/** A run that ends early, on a wrong input. */
const early = () => scene.runBundle({ builder: 'docker', tags: 'not a tag' }, { env: env() });

/** A run that is killed while Docker is logged in. */
async function killed(): Promise<string> {
  const run = await build({
    env: env(),
    onOutput(output, child) {
      if (output.includes('the login is there')) child.kill('SIGKILL');
      // Its builder outlives it.
      goOn();
    },
  });
  expect(run.status).toBe(137);
  const [name = 'none', ...others] = folders();
  expect(others).toEqual([]);
  return join(scene.temp, name);
}

describe('what a killed run has left', () => {
  it('is removed by the next one, even by one that ends early', async () => {
    const left = await killed();
    expect(readFileSync(join(left, 'docker/config.json'), 'utf8')).toMatch(
      /"auths":\{"127\.0\.0\.1:\d+":\{"auth":"\w+/,
    );
    const { status, stdout } = await early();
    expect(status).toBe(2);
    expect(stdout).toContain(`Removed ${left}`);
    expect(folders()).toEqual([]);
  });

  it('is removed also where a process has its number now', async () => {
    const left = await killed();
    const owner = JSON.parse(readFileSync(join(left, 'owner.json'), 'utf8')) as { pid: number };
    writeFileSync(join(left, 'owner.json'), JSON.stringify({ ...owner, pid: process.pid }));
    await early();
    expect(folders()).toEqual([]);
  });
});

describe('the folder of a run that lives', () => {
  it('is kept, and so is its login', async () => {
    let beside: ReturnType<typeof early> | undefined;
    const { status, errors } = await build({
      env: env(),
      onOutput(output) {
        if (beside || !output.includes('the login is there')) return;
        const [name] = folders();
        // Long ago, to those who look at the time only.
        utimesSync(join(scene.temp, name!), 0, 0);
        beside = early().then((run) => {
          expect(existsSync(join(scene.temp, name!, 'docker/config.json'))).toBe(true);
          goOn();
          return run;
        });
      },
    });
    expect([status, errors, (await beside)?.status]).toEqual([0, [], 2]);
    expect(folders()).toEqual([]);
  });
});

describe('where it cannot be known whether a run is alive', () => {
  const days = (count: number) => Date.now() / 1000 - count * 24 * 60 * 60;
  const leave = (name: string, age: number, owner?: object) => {
    const folder = join(scene.temp, name);
    mkdirSync(folder);
    if (owner) writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
    utimesSync(folder, days(age), days(age));
  };

  it('a folder is kept for a day', async () => {
    const elsewhere = { pid: 1, started: '1', system: 'another start, another namespace' };
    leave('ecs-action-fresh0', 0.9);
    leave('ecs-action-fresh1', 0.9, elsewhere);
    leave('ecs-action-older0', 1.1);
    leave('ecs-action-older1', 1.1, elsewhere);
    leave('ecs-action-broken', 1.1, [null]);
    // To read it would take for ever.
    leave('ecs-action-withpi', 1.1);
    execFileSync('mkfifo', [join(scene.temp, 'ecs-action-withpi', 'owner.json')]);
    utimesSync(join(scene.temp, 'ecs-action-withpi'), days(2), days(2));
    await early();
    expect(folders()).toEqual(['ecs-action-fresh0', 'ecs-action-fresh1']);
  });

  it('a run removes only so many that it is not delayed, and the next one removes more', async () => {
    for (let at = 100; at < 250; at++) leave(`ecs-action-old${at}`, 9);
    await early();
    expect(folders()).toHaveLength(50);
    await early();
    expect(folders()).toEqual([]);
  });

  it('nothing else is touched: other names, files, and what links lead to', async () => {
    const home = join(scene.source, '..', 'home');
    mkdirSync(home);
    writeFileSync(join(home, 'kept'), 'x');
    utimesSync(home, days(9), days(9));
    symlinkSync(home, join(scene.temp, 'ecs-action-linked'));
    leave('ecs-action-of-somebody', 9);
    leave('other-action-abcdef', 9);
    writeFileSync(join(scene.temp, 'ecs-action-afile0'), 'x');
    utimesSync(join(scene.temp, 'ecs-action-afile0'), days(9), days(9));
    leave('ecs-action-others', 9);
    // Only the administrator can make a folder of somebody else.
    if (process.getuid?.() === 0) chownSync(join(scene.temp, 'ecs-action-others'), 65_534, 65_534);
    else rmSync(join(scene.temp, 'ecs-action-others'), { recursive: true });
    leave('ecs-action-remove', 9);
    symlinkSync(home, join(scene.temp, 'ecs-action-remove', 'inner'));
    utimesSync(join(scene.temp, 'ecs-action-remove'), days(9), days(9));
    await early();
    expect(readdirSync(scene.temp).sort()).toEqual([
      'ecs-action-afile0',
      'ecs-action-linked',
      'ecs-action-of-somebody',
      ...(process.getuid?.() === 0 ? ['ecs-action-others'] : []),
      'other-action-abcdef',
    ]);
    expect(readdirSync(home)).toEqual(['kept']);
  });
});
