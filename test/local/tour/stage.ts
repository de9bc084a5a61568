import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChooser } from './choose-target';
import { type LiveDeployment, startLivePage } from './live-page';
import { type Load, startLoad } from './load';
import { startProxy } from './proxy';
import { createRepository, type Repository, sample, workflow } from './repository';
import { firstImage } from './task-images';
import { openTutorialAws, type TutorialAws } from './tutorial-aws';

/** What the service runs before the first deployment. */
export const firstVersion = 'First version';

/** Milliseconds between two requests of the load. */
const requestEvery = 15;

/** Everything that a tour of the tutorial needs; nothing of it remains after `close`. */
export interface Stage extends Omit<TutorialAws, 'close'> {
  /** The application's repository. */
  readonly repository: Repository;
  /** Where the artifacts of the releases are kept, by version. */
  readonly artifacts: string;
  /** The address of the service's page. */
  readonly page: string;
  readonly load: Load;
  /** The address of a page that shows the traffic as it moves. */
  readonly live: string;
  /** What that page shows from now on. */
  follow(deployment: LiveDeployment): void;
  close(): Promise<void>;
}

/** The version that a page of the sample application names. */
export const versionOf = (page: string): string | undefined => /<h1>(.*)<\/h1>/.exec(page)?.[1];

/**
 * @param project this project's folder
 * @param containers whether tasks may run as containers, where an engine can
 */
export async function openStage(project: string, containers: boolean): Promise<Stage> {
  const temp = mkdtempSync(join(tmpdir(), 'ecs-start-'));
  const remove = () => rmSync(temp, { recursive: true, force: true });
  process.once('exit', remove);
  const world = await openTutorialAws({
    folder: join(temp, 'tasks'),
    first: firstImage(join(project, sample), firstVersion),
    containers,
  });
  const { aws, seeded } = world;
  const proxy = await startProxy(createChooser(() => aws.compute.traffic(seeded.productionListenerArn)));
  const load = startLoad({ address: proxy.address, every: requestEvery, versionOf });
  const repository = createRepository(join(temp, 'application'), project);
  repository.edit('Dockerfile', /^ARG BASE=.*$/m, () => `ARG BASE=${world.base}`);
  // The daemon of a container engine may be in a virtual machine or a network of its own, where this loopback is not.
  repository.edit(workflow, 'builder: auto', 'builder: builtin');
  let shown: LiveDeployment = { title: 'Starting', windows: () => [], history: { slices: [], moments: [] } };
  const artifacts = join(temp, 'artifacts');
  const live = await startLivePage({ project, application: proxy.address, artifacts, read: () => shown });
  return {
    ...world,
    repository,
    page: proxy.address,
    load,
    artifacts,
    live: live.address,
    follow(deployment) {
      shown = deployment;
    },
    async close() {
      await load.stop();
      await live.close();
      await proxy.close();
      await world.close();
      process.off('exit', remove);
      remove();
    },
  };
}
