import { shown } from '../../../../shared/excerpt';
import { ImageFault } from './faults';
import { checkText, checkTexts, checkWord, digestAt, type Fields, listOf, objectOf, parseObject } from './fields';
import type { ImageConfig } from './oci';

/**
 * Reads the configuration of an image. Fields that are not known here are kept as they stand, and so is `null`, which
 * Docker writes for what is not set.
 *
 * @param layers how many the manifest has
 * @throws ImageFault
 */
export function readConfig(bytes: Buffer, layers: number): ImageConfig {
  const fields = parseObject(bytes, 'its configuration');
  for (const name of ['os', 'architecture', 'variant']) checkWord(fields[name], `${name} of its configuration`);
  for (const name of ['created', 'author']) checkText(fields[name], `${name} of its configuration`);
  // In place, so that what is kept stays in its order, on which the digest of the new image depends.
  const kept: Record<string, unknown> = { ...fields, rootfs: readRootfs(fields['rootfs'], layers) };
  for (const name of ['config', 'history']) if (kept[name] === null) delete kept[name];
  if (kept['config'] !== undefined) checkContainer(objectOf(kept['config'], 'config of its configuration'));
  const history = listOf(kept['history'], 'history of its configuration', Number.POSITIVE_INFINITY);
  for (const [at, entry] of history.entries()) objectOf(entry, `history[${at}] of its configuration`);
  checkDepth(kept);
  return kept as unknown as ImageConfig;
}

/** Reading JSON has no limit of depth, writing it has. */
function checkDepth(kept: unknown): void {
  try {
    JSON.stringify(kept);
  } catch {
    throw new ImageFault('its configuration is nested too deeply');
  }
}

function readRootfs(rootfs: unknown, layers: number): ImageConfig['rootfs'] {
  const fields = rootfs === undefined && layers === 0 ? {} : objectOf(rootfs, 'rootfs of its configuration');
  const ids = listOf(fields['diff_ids'], 'diff_ids of its configuration', Number.POSITIVE_INFINITY);
  if (ids.length !== layers) {
    throw new ImageFault(`its configuration has ${ids.length} diff_ids for ${layers} layers`);
  }
  return { type: 'layers', diff_ids: ids.map((id, at) => digestAt(id, `diff_ids[${at}] of its configuration`)) };
}

const texts = ['User', 'WorkingDir', 'StopSignal'];
const lists = ['Env', 'Entrypoint', 'Cmd', 'OnBuild', 'Shell'];
const maps = ['ExposedPorts', 'Volumes', 'Labels'];

function checkContainer(config: Fields): void {
  const where = (name: string) => `${name} of its configuration`;
  for (const name of texts) checkText(config[name], where(name));
  for (const name of lists) checkTexts(config[name], where(name));
  for (const name of maps) objectOf(config[name] ?? {}, where(name));
  for (const [name, value] of Object.entries(objectOf(config['Labels'] ?? {}, where('Labels')))) {
    checkText(value, `the label ${shown(name)} of its configuration`);
  }
  const health = objectOf(config['Healthcheck'] ?? {}, where('Healthcheck'));
  checkTexts(health['Test'], where('Healthcheck.Test'));
  for (const name of ['Interval', 'Timeout', 'StartPeriod', 'StartInterval', 'Retries']) {
    const value = health[name] ?? 0;
    if (typeof value !== 'number') {
      throw new ImageFault(`${where(`Healthcheck.${name}`)} must be a number, got ${shown(value)}`);
    }
  }
}
