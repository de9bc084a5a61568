import { keptWorlds } from './kept';
import type { NamedWorld } from './make';
import { rareWorlds } from './rare';

/** All worlds that are played whatever the seeds. */
export const namedWorlds: readonly NamedWorld[] = [...keptWorlds, ...rareWorlds];
