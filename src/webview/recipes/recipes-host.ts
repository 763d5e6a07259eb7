import type { recipesHostContract } from '../../messages/recipes';
import type { Peer } from '../../messages/rpc';

/** The extension host, as seen from this page. */
export type RecipesHost = Peer<typeof recipesHostContract>;
