import type { comparisonHostContract } from '../../messages/comparison';
import type { Peer } from '../../messages/rpc';

/** The extension host, as seen from this page. */
export type ComparisonHost = Peer<typeof comparisonHostContract>;
