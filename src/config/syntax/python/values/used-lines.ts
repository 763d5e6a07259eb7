import * as l10n from '@vscode/l10n';
import { listed } from '../../listed';
import type { Where } from '../../lines';

/** The places that use a value, and their lines in the order of the text, each with its number of places. */
interface UsedLines {
  places: ReadonlySet<number>;
  lines: ReadonlyMap<string, number>;
}

/** The largest number of lines that a sentence names. */
const MOST = 5;

/** Names the lines that use a value. The lines of a list of places are found once, as each of the places asks for them. */
export class UsedIn {
  private readonly known = new WeakMap<readonly number[], UsedLines>();

  constructor(private readonly where: Where) {}

  /** `line 3, line 4 and line 9`: the lines of all places but one; empty if there are none. */
  besides(places: readonly number[], place: number): string {
    const used = this.known.get(places) ?? this.linesOf(places);
    this.known.set(places, used);
    const own = used.places.has(place) ? this.where(place) : null;
    const isAlone = own !== null && used.lines.get(own) === 1;
    const first: string[] = [];
    for (const line of used.lines.keys()) {
      if (first.length > MOST) break;
      if (!isAlone || line !== own) first.push(line);
    }
    return listed(first, MOST, l10n.t('further places'), used.lines.size - (isAlone ? 1 : 0));
  }

  private linesOf(places: readonly number[]): UsedLines {
    const lines = new Map<string, number>();
    const sorted = places.toSorted((a, b) => a - b).map((place) => this.where(place));
    for (const line of sorted) lines.set(line, (lines.get(line) ?? 0) + 1);
    return { places: new Set(places), lines };
  }
}
