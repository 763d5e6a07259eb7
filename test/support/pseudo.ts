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

/** Whether a text still shows words that were not localised; `data` is what is the same in every language. */
export function isPlain(text: string, data: readonly string[]): boolean {
  // A page breaks names into pieces, so that they fit.
  if (data.some((known) => known.includes(text))) return false;
  const rest = data
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, known) => (known === '' ? left : left.replaceAll(known, ' ')), text);
  return /[A-Za-z]{3,}/.test(rest);
}
