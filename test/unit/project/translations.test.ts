import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import english from '../../../package.nls.json';
import { l10nStrings } from '../../support/l10n-strings';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const LANGUAGES = readdirSync(path.join(ROOT, 'l10n')).flatMap(
  (name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1] ?? [],
);

const readJson = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as Record<string, string>;

/** What is the same in every language: placeholders, code, links, options, keys and numbers. */
const FIXED = [
  /\{\d+\}/g,
  /`[^`]*`/g,
  /\]\([^)]*\)/g,
  /\*\*/g,
  /--[\w-]+|\w+_\w+|\w+\.\w+(?:\.\w+)*/g,
  /\d[\d.,\u202f]*(?<=\d)(?:e-?\d+)?/g,
];

it('German is a language of the editor', () => {
  expect(LANGUAGES).toContain('de');
});

describe.each(LANGUAGES)('the language %s', (language) => {
  const bundle = readJson(`l10n/bundle.l10n.${language}.json`);
  const manifest = readJson(`package.nls.${language}.json`);
  let strings: readonly string[] = [];
  beforeAll(() => {
    strings = l10nStrings();
  });

  it('has one string for every English one, and no other', () => {
    expect(strings.length).toBeGreaterThan(1000);
    expect(strings.filter((message) => !bundle[message]?.trim())).toEqual([]);
    expect(Object.keys(bundle).filter((message) => !strings.includes(message))).toEqual([]);
  });

  it('has one string for every English one of package.json', () => {
    expect(Object.keys(manifest)).toEqual(Object.keys(english));
  });

  it('keeps placeholders, code, links, keys and numbers', () => {
    const pairs = [
      ...Object.entries(bundle),
      ...Object.entries(english).map(([key, message]) => [message, manifest[key] ?? ''] as const),
    ];
    expect(pairs.filter(([message, translated]) => fixedIn(message) !== fixedIn(translated))).toEqual([]);
  });

  it('keeps the spaces at the ends, where strings are put together', () => {
    const ends = (text: string): string => `${/^\s*/.exec(text)?.[0] ?? ''}|${/\s*$/.exec(text)?.[0] ?? ''}`;
    expect(Object.entries(bundle).filter(([message, translated]) => ends(message) !== ends(translated))).toEqual([]);
  });
});

/** Everything of {@link FIXED} in a text, sorted; `10,000` and `10 000` are one number. */
function fixedIn(text: string): string {
  const found = FIXED.map((pattern) => (text.match(pattern) ?? []).map((part) => part.replaceAll(/[,\u202f]/g, '')));
  return JSON.stringify(found.map((parts) => parts.toSorted()));
}
