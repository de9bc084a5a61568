import { keptAnswers } from './kept/answers';
import { keptOthers } from './kept/others';
import { keptOutcomes } from './kept/outcomes';
import type { NamedWorld } from './make';
import { rareWorlds } from './rare';

/** Worlds in which the simulation has found something wrong, reduced to what matters. */
const keptWorlds: readonly NamedWorld[] = [...keptAnswers, ...keptOthers, ...keptOutcomes];

/** All worlds that are played whatever the seeds. */
export const namedWorlds: readonly NamedWorld[] = [...keptWorlds, ...rareWorlds];
