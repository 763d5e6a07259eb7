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
  const others = [...names].map((other) => [other, lettersOf(other)] as const);
  const fewer = Math.min(most, word.length < 4 ? 0 : word.length < 12 ? 1 : 2);
  if (others.some(([other]) => other === name)) return null;
  for (let edits = 0; edits <= fewer; edits++) {
    const [meant] = others.find(([, letters]) => isWithin(edits, word, letters)) ?? [];
    if (meant !== undefined) return meant;
  }
  return null;
}

/** ` Did you mean learning_rate?`, or nothing. */
export function meantOf(name: string, names: Iterable<string>): string {
  const meant = closest(name, names);
  return meant === null ? '' : l10n.t` Did you mean ${meant}?`;
}

/** Whether so many edits, two at most, make one word of the other. Neighbours that changed places are one edit. */
function isWithin(edits: number, a: string, b: string): boolean {
  if (edits === 0 || a === b) return a === b;
  let at = 0;
  while (a[at] === b[at]) at++;
  const rest = (ofA: number, ofB: number): boolean => isWithin(edits - 1, a.slice(at + ofA), b.slice(at + ofB));
  const isExchange = a[at] === b[at + 1] && a[at + 1] === b[at];
  return rest(1, 1) || rest(1, 0) || rest(0, 1) || (isExchange && rest(2, 2));
}
