import type { Caveat } from '../../recipe/caveats/caveat';
import type { Move } from './moves';
import { isMoved } from './config-change';

/** What a user is told of numbers that are written in place of a name or an expression, which they followed before. */
export function detached(moves: readonly Move[]): Caveat[] {
  return moves.flatMap(({ row, place }): Caveat[] => {
    const node = place?.node;
    if (!node?.origin || place?.lock || !isMoved(row)) return [];
    const message = `${row.key} becomes a number and no longer follows ${node.raw}. ${node.origin.also}`;
    return [{ code: 'value-detached', message: message.trimEnd() }];
  });
}
