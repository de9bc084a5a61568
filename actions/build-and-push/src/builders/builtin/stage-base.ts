import type { Assembly, StageState } from './assembly';
import { layerArchive, loadBase } from './base';
import type { ImageLayer } from './base-layer';
import { placeOf, type Stage } from './dockerfile/dockerfile';
import { expandWord } from './dockerfile/expand';
import { mayRunOn, parsePlatform, platformText } from './dockerfile/platform';
import { BuildProblem } from './dockerfile/problem';
import { quoted } from './dockerfile/quote';
import { scratchConfig, withPath } from './image/config-values';
import { StageConfig } from './image/stage-config';
import { once } from './promises';
import { addTar } from './tar';
import { FileTree } from './tree/tree';

/**
 * A stage that begins with an image, or with nothing.
 *
 * @throws BuildProblem where the image is for another platform, or asks for what builtin cannot do
 */
export async function stageFromImage(name: string, stage: Stage, assembly: Assembly): Promise<StageState> {
  const { dockerfile, globals, sources, workshop, log } = assembly;
  const own = stage.platform && expandWord(stage.platform, (one) => globals.get(one), dockerfile.escaper);
  const platform = own ? parsePlatform(own) : assembly.platform;
  if (!platform) throw new BuildProblem(`has the platform ${quoted(own ?? '')}, which must be like linux/arm64`);
  if (name === 'scratch') {
    const config = new StageConfig(scratchConfig(platform));
    return { config, layers: [], files: once(async () => new FileTree()), isBare: true };
  }
  const { config, layers } = await loadBase(name, platform, sources);
  const isFit = mayRunOn(config, platform);
  const its = platformText(config);
  const unfit = `${name} is for ${its}, not for ${platformText(platform)}`;
  if (!isFit && assembly.isPlatformGiven && !own) {
    throw new BuildProblem(`${unfit} as platforms says; name an image for it, or leave platforms out`);
  }
  if (!isFit) {
    log.warn(`${placeOf(dockerfile.file, stage.from)}: ${unfit}; name an image for that, or set platforms to ${its}`);
  }
  return {
    config: new StageConfig(withPath(config)),
    layers: [...layers],
    files: once(() => listFiles(layers, workshop.signal)),
    isBare: layers.length === 0,
  };
}

/** The files of the images that `COPY --from` names; several instructions may copy from one image. */
export function filesOfImages({ platform, sources, workshop }: Assembly): (name: string) => Promise<FileTree> {
  const images = new Map<string, Promise<FileTree>>();
  return (name) => {
    // An empty image, as after FROM.
    if (name === 'scratch') return Promise.resolve(new FileTree());
    const load = async () => listFiles((await loadBase(name, platform, sources)).layers, workshop.signal);
    const files = images.get(name) ?? load();
    images.set(name, files);
    return files;
  };
}

/** The files of an image from the layers of its base; needed to know what is a directory or a link there. */
async function listFiles(layers: readonly ImageLayer[], signal: AbortSignal): Promise<FileTree> {
  const tree = new FileTree();
  for (const layer of layers) {
    const add = () => addTar(tree, layerArchive(layer), { whiteouts: true, signal });
    await ('reading' in layer.source ? layer.source.reading(add) : add());
  }
  return tree;
}
