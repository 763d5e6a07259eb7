import * as l10n from '@vscode/l10n';
import { listed } from '../listed';
import type { Where } from '../lines';
import { ownerOf } from './names';
import { placeId } from './nodes';
import type { Outline, Scope } from './outline';
import { unseenIn } from './unseen';

/** Beyond this number of uses a value counts as used in unknown places. */
const MOST_USES = 200;
/** The largest number of lines that a sentence names. */
const MOST_LINES = 5;

/** The places that use a variable's value; null if unknown. */
export function usesOf(text: string, outline: Outline, name: string, scope: Scope): readonly number[] | null {
  const nodes = outline.variables.get(name) ?? [];
  if (unseenIn(text, outline).readsAny || nodes.length > MOST_USES) return null;
  return nodes.flatMap((node) => {
    const isUse = !outline.bound.has(placeId(node)) && ownerOf(outline, name, node.from) === scope;
    return isUse ? [node.from] : [];
  });
}

/** `line 3, line 4 and line 9`: the lines of all places but one; empty if there are none. */
export function linesBesides(places: readonly number[], place: number, where: Where): string {
  const others = places.filter((at) => at !== place).toSorted((a, b) => a - b);
  return listed([...new Set(others.map(where))], MOST_LINES, l10n.t('further places'));
}
