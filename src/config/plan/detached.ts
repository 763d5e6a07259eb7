import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import type { PlacedChange } from './placed-changes';
import { isChanged } from './config-change';

/** Caveats about numbers that replace a name or an expression. */
export function detached(moves: readonly PlacedChange[]): Caveat[] {
  return moves.flatMap(({ row, place }): Caveat[] => {
    const node = place?.node;
    if (!node?.origin || place?.lock || !isChanged(row)) return [];
    const message = l10n.t`${row.key} becomes a number and no longer follows ${node.raw}. ${node.origin.also}`;
    return [{ code: 'value-detached', message: message.trimEnd() }];
  });
}
