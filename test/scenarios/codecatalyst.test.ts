import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { definition } from '../../actions/build-and-push/src/definition';
import { offeredOn } from '../../shared/manifest/definition';
import { workplace } from '../support/hosts';
import { on, taskDefinition } from './deploy-stage';

/** A folder laid out as AWS's local runner does for `Files: task-definition*` of an artifact. */
it(
  'finds a rendered task definition where the local runner of AWS lays it',
  on({}, async (stage) => {
    const artifact = join(stage.folder, 'artifacts');
    mkdirSync(join(artifact, 'task-definition'), { recursive: true });
    stage.write('artifacts/task-definition/task-definition-1.json', taskDefinition());
    const { status, log, changes } = await stage.deploy({
      inputs: { 'task-definition': '/artifacts/Deploy/TaskDefinition/task-definition-1.json', 'dry-run': 'true' },
      env: { CATALYST_SOURCE_DIR_TaskDefinition: artifact },
    });
    expect([status, changes, log]).toEqual([0, [], expect.stringContaining('Dry run')]);
  }),
);

it.each(['codecatalyst', 'github'] as const)('refuses to build with half of its inputs on %s', async (host) => {
  const place = workplace();
  try {
    // As dash hands on what AWS's local runner sets: if-tag-exists: fail and scan-severity: critical are gone.
    const defaults = Object.entries(offeredOn(host, definition).inputs).flatMap(([name, { default: value }]) =>
      value === undefined || name.includes('-') ? [] : [[name, String(value)]],
    );
    const arrived = { ...Object.fromEntries(defaults), repository: 'app' };
    const { status, output } = await place.run(host, 'build-and-push', arrived);
    expect([status, output]).toEqual([
      2,
      expect.stringMatching(/if-tag-exists, scan-severity.*: none of these arrived/),
    ]);
    expect(output).not.toContain('Dockerfile');
  } finally {
    place.remove();
  }
});
