import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getL10nJson, getL10nPseudoLocalized } from '@vscode/l10n-dev';

const SOURCES = path.resolve(import.meta.dirname, '../../src');

/** Every string of the sources with accents instead of plain letters: what shows plain letters was not localised. */
export async function pseudoStrings(): Promise<Record<string, string>> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const contents = files
    .map((name) => readFileSync(path.join(SOURCES, name), 'utf8'))
    .filter((text) => text.includes('l10n'));
  const strings = await getL10nJson(contents.map((text) => ({ extension: '.ts', contents: text })));
  return getL10nPseudoLocalized(strings) as Record<string, string>;
}

/**
 * A bundle that answers every string with accents on all its letters, made when it is asked for: {@link pseudoStrings}
 * reads all sources, which takes a minute on a busy machine.
 */
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
