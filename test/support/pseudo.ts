import german from '../../l10n/bundle.l10n.de.json';

/** Every string of the sources with accents on all its letters: what shows plain letters was not localised. */
export function pseudoStrings(): Record<string, string> {
  return Object.fromEntries(Object.keys(german).map((message) => [message, accented(message)]));
}

/** A bundle that answers any string with accents on all its letters. */
export function pseudoBundle(): Record<string, string> {
  return new Proxy({}, { get: (_, key) => (typeof key === 'string' ? accented(key) : undefined) });
}

/** Placeholders stay: `at {0}` → `át́ {0}`. */
function accented(message: string): string {
  return message.replaceAll(/\{[^}]*\}|[A-Za-z]/g, (found) => (found.length > 1 ? found : `${found}\u0301`));
}

/** Whether a text still shows words that were not localised; `data` is what is the same in every language. */
export function isPlain(text: string, data: readonly string[]): boolean {
  // A page breaks names into pieces, so that they fit.
  if (data.some((known) => known.includes(text))) return false;
  const rest = data
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, known) => (known === '' ? left : left.replaceAll(known, ' ')), text);
  return /[A-Za-z]{3,}/.test(rest);
}
