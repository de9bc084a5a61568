import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpack } from '../aws/registry/unpack';
import { createChooser } from './choose-target';
import { type LiveState, startLivePage } from './live-page';
import { type Load, startLoad } from './load';
import { startProxy } from './proxy';
import { createRepository, type Repository, sample } from './repository';
import { createTaskRuntime, type UnpackedImage } from './task-runtime';
import type { TrafficView } from './traffic-view';
import { openTutorialAws, type TutorialAws } from './tutorial-aws';

/** What the service runs before the first deployment. */
export const firstVersion = 'First version';
export const firstImage = 'public.ecr.aws/nginx/nginx:1.27';

/** Milliseconds between two requests of the load. */
const requestEvery = 15;

/** Everything that a tour of the tutorial happens on; nothing of it is left when it has closed. */
export interface Stage extends Omit<TutorialAws, 'close'> {
  /** The application's repository. */
  readonly repository: Repository;
  /** The address at which the service's page can be looked at. */
  readonly page: string;
  readonly load: Load;
  /** The address of a page that shows the traffic as it moves. */
  readonly live: string;
  /** Tells that page what it shows from now on. */
  follow(title: string, view: Pick<TrafficView, 'windows'>): void;
  close(): Promise<void>;
}

/** The version that a page of the sample application names. */
export const versionOf = (page: string): string | undefined => /<h1>(.*)<\/h1>/.exec(page)?.[1];

export async function openStage(project: string): Promise<Stage> {
  const temp = mkdtempSync(join(tmpdir(), 'ecs-start-'));
  const remove = () => rmSync(temp, { recursive: true, force: true });
  process.once('exit', remove);
  const first = standIn(join(project, sample), join(temp, 'first'));
  const runtime = createTaskRuntime(async (image) => (image === firstImage ? first : unpack(image)));
  const world = await openTutorialAws({ runtime, firstImage });
  const { aws, seeded } = world;
  const proxy = await startProxy(createChooser(() => aws.compute.traffic(seeded.productionListenerArn)));
  const load = startLoad({ address: proxy.address, every: requestEvery, versionOf });
  let state = (): LiveState => ({ title: 'Starting', windows: [] });
  const live = await startLivePage(project, proxy.address, () => state());
  return {
    ...world,
    repository: createRepository(join(temp, 'application'), project),
    page: proxy.address,
    load,
    live: live.address,
    follow(title, view) {
      state = () => ({ title, windows: view.windows() });
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

/** The sample application with another name on its page, for the image that the service starts with. */
function standIn(application: string, folder: string): UnpackedImage {
  cpSync(application, folder, { recursive: true });
  const page = join(folder, 'templates/index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace(/Las Vegas/g, firstVersion));
  return { folder, command: ['node', 'server.mjs'], workingDir: '.', environment: {} };
}
