import type { comparisonHostContract } from '../../messages/comparison';
import type { Peer } from '../../messages/rpc';

/** The extension host, as this page sees it. */
export type ComparisonHost = Peer<typeof comparisonHostContract>;
