import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/**
 * The pairs of a mapping, and behind them those of the mappings that its merge keys (`<<: *name`, or a list of such) name, as
 * far as it has not got them itself: a key of its own wins, then the first that is named (YAML 1.1). A merge key that names
 * no mapping stays what it is.
 */
export function merged(map: YAMLMap, aliases: ReadonlyMap<Alias, Node>): readonly Pair[] {
  const pairs = [...map.items];
  const names = new Set(map.items.map(nameOf));
  const seen = new Set([map]);
  // The list grows while it is read: what is merged in may have merge keys of its own.
  for (let at = 0; at < pairs.length; ) {
    const named = isMergeKey(pairs[at]!) ? mapsIn(pairs[at]!.value, aliases) : undefined;
    if (!named) {
      at += 1;
      continue;
    }
    pairs.splice(at, 1);
    for (const other of named.filter((one) => !seen.has(one))) {
      seen.add(other);
      const added = other.items.filter((pair) => isMergeKey(pair) || !names.has(nameOf(pair)));
      for (const pair of added) names.add(nameOf(pair));
      pairs.push(...added);
    }
  }
  return pairs;
}

const nameOf = ({ key }: Pair) => (isScalar(key) ? String(key.source ?? key.value) : undefined);

const isMergeKey = ({ key }: Pair) => isScalar(key) && key.type === 'PLAIN' && key.source === '<<';

/** The mappings that the value of a merge key names; undefined where it names anything else. */
function mapsIn(value: unknown, aliases: ReadonlyMap<Alias, Node>): YAMLMap[] | undefined {
  const follow = (node: unknown) => (isAlias(node) ? aliases.get(node) : node);
  const found = follow(value);
  const maps = (isSeq(found) ? found.items.map(follow) : [found]).filter((one) => isMap(one));
  return maps.length === (isSeq(found) ? found.items.length : 1) ? maps : undefined;
}
