import * as l10n from '@vscode/l10n';

/** Letters and digits alone: `max_gradnorm`, `--max-grad-norm` and `maxGradNorm` are one word. */
const lettersOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Longer names are no slips of a hand. */
const LONGEST = 60;

/**
 * The name that somebody meant who wrote `name`: `lerning_rate` → `learning_rate`. Null where none is close, or the name
 * is one of them.
 * @param most letters that may be missing, wrong, too many or exchanged: one in short names, none in very short ones
 */
export function closest(name: string, names: Iterable<string>, most = 2): string | null {
  const word = lettersOf(name);
  if (word.length < 2 || word.length > LONGEST) return null;
  const fewer = word.length < 4 ? 0 : word.length < 12 ? 1 : 2;
  let [best, least]: [string | null, number] = [null, Math.min(most, fewer) + 1];
  for (const other of names) {
    if (other === name) return null;
    const letters = lettersOf(other);
    if (Math.abs(letters.length - word.length) >= least) continue;
    const edits = editsBetween(word, letters);
    if (edits < least) [best, least] = [other, edits];
  }
  return best;
}

/** ` Did you mean learning_rate?`, or nothing. */
export function meantOf(name: string, names: Iterable<string>): string {
  const meant = closest(name, names);
  return meant === null ? '' : l10n.t` Did you mean ${meant}?`;
}

/** The optimal string alignment of two words, where neighbours that changed places are one edit. */
function editsBetween(a: string, b: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          ...[(row?.[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row?.[j - 1] ?? 0) + Number(!isSame)],
          isExchange ? (before?.[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [before, row] = [row ?? [], next];
  }
  return row?.[b.length] ?? Infinity;
}
