import type { Alias, Node, Pair, YAMLMap } from 'yaml';
import type { Composed } from './compose';

type Yaml = typeof import('yaml');

/** What merge keys are resolved with. */
interface Merging {
  /** Passed in, because it is loaded only where a file is YAML. */
  readonly yaml: Yaml;
  readonly aliases: Composed['aliases'];
  /** Called for each mapping and pair that is merged in: mappings that merge each other can multiply. It may throw. */
  readonly visit?: () => void;
}

/**
 * The pairs of a mapping, then those that its merge keys (`<<: *name`, or a list of such) add: a key of its own wins, then
 * that of the mapping that is named first, with what that one merges itself (YAML 1.1, and most readers of 1.2). A merge key
 * that names no mapping stays what it is.
 */
export function merged(map: YAMLMap, { yaml, aliases, visit = () => {} }: Merging): readonly Pair[] {
  const nameOf = ({ key }: Pair) => (yaml.isScalar(key) ? String(key.source ?? key.value) : undefined);
  const isMergeKey = ({ key }: Pair) => yaml.isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
  const pairs: Pair[] = [];
  const names = new Set<string | undefined>();
  const seen = new Set<YAMLMap>();
  const waiting = [map];
  // A stack of its own: mappings may merge each other more deeply than calls may go.
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const named: YAMLMap[] = [];
    const added: Pair[] = [];
    for (const pair of next.items) {
      // The caller counts those of the mapping itself.
      if (next !== map) visit();
      const maps = isMergeKey(pair) ? mapsIn(pair.value, aliases, yaml) : undefined;
      for (const one of maps ?? []) {
        visit();
        named.push(one);
      }
      if (maps) continue;
      if (next === map || !names.has(nameOf(pair))) added.push(pair);
    }
    for (const pair of added) names.add(nameOf(pair));
    // What is given twice in one mapping is told where it stands; here its last value counts.
    pairs.push(...(next === map ? added : new Map(added.map((pair) => [nameOf(pair), pair])).values()));
    waiting.push(...named.reverse());
  }
  return pairs;
}

/** The mappings that the value of a merge key names; undefined where it names anything else. */
function mapsIn(value: unknown, aliases: ReadonlyMap<Alias, Node>, yaml: Yaml): YAMLMap[] | undefined {
  const follow = (node: unknown) => (yaml.isAlias(node) ? aliases.get(node as Alias) : node);
  const found = follow(value);
  const items = yaml.isSeq(found) ? found.items.map(follow) : [found];
  const maps = items.filter((one): one is YAMLMap => yaml.isMap(one));
  return maps.length === items.length ? maps : undefined;
}
