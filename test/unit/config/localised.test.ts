import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ConfigPlan } from '../../../src/config/planned';
import type { Reading } from '../../../src/config/reading';
import { pseudoBundle } from '../../support/pseudo';
import { CASES, casesIn, sourceOf } from './cases';
import { doubts } from './trainers/python/scripts';

/**
 * What is said about every config of our own, in a language with accents on every letter. Two plain English words in a
 * row that are not in the config itself were not localised.
 */
const ROOT = path.resolve(import.meta.dirname, '../../..');
const FILES = ['examples', 'test/fixtures', 'test/unit/config/trainers/cases']
  .flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .filter((name) => /\.(?:ya?ml|json|toml|sh|ps1|env|py|ipynb)$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(ROOT, name), 'utf8') }));

beforeAll(() => {
  l10n.config({ contents: pseudoBundle() });
  vi.resetModules();
});
afterAll(() => {
  l10n.config({ contents: {} });
  vi.resetModules();
});

const CONFIGS = [...FILES, ...CASES.flatMap(casesIn).map((one) => ({ name: one.file, text: sourceOf(one) }))];
const TEXTS = [
  ...CONFIGS.map((one) => ({ ...one, isPlanned: true })),
  // Of these only the doubts are their own.
  ...doubts().map(({ text }) => ({ name: 'train.py', text, isPlanned: false })),
];

it('says nothing about a config in English alone', async () => {
  const { readConfig } = await import('../../../src/config/read');
  const { planConfig } = await import('../../../src/config/planned');
  const { rewriteConfig } = await import('../../../src/config/rewrite');
  const plain = new Map<string, string>();
  let count = 0;
  for (const { name, text, isPlanned } of TEXTS) {
    const reading = readConfig(text, path.basename(name));
    const said = [...wordsOfReading(reading)];
    for (const [index, { alpha }] of isPlanned ? reading.recipes.entries() : []) {
      const { plans, refusal } = planConfig(text, reading, index, alpha * 3);
      said.push(...(refusal ? [refusal.message] : []), ...plans.flatMap(wordsOfPlan));
      const written = rewriteConfig(text, reading, index, alpha * 3, 'symmetric');
      if ('refusal' in written) said.push(written.refusal.message);
    }
    count += said.length;
    for (const words of said) if (isEnglish(words, text)) plain.set(words, name);
  }
  expect(count).toBeGreaterThan(4000);
  expect([...plain].map(([words, name]) => `${name}: ${words}`)).toEqual([]);
});

function wordsOfReading({ findings, recipes, notUnderstood }: Reading): string[] {
  return [
    // The words of a loader that stops are quoted as they are: `PyYAML stops here: found undefined alias.`
    ...findings.map(({ code, message }) =>
      code === 'syntax' ? message.replace(/: [^\u0301]*\.(?: |$)/, '. ') : message,
    ),
    ...(notUnderstood ?? []).map(({ why }) => why),
    ...recipes.flatMap(({ assumed, guess = '', alphaIsIgnored = '', optimizer: { unknown = '' } }) => [
      ...Object.values(assumed),
      guess,
      alphaIsIgnored,
      unknown,
    ]),
  ];
}

function wordsOfPlan({ title, caveats, configChanges: changes, claim }: ConfigPlan): string[] {
  return [title, claim.limit ?? '', ...caveats.map(({ message }) => message), ...changes.map(({ why }) => why)];
}

/** Whether two words of plain letters stand side by side that the config does not contain. */
function isEnglish(words: string, config: string): boolean {
  return [...words.matchAll(/[a-z]{2,}[,;:]? [a-z]{2,}/g)].some(([pair]) => !config.includes(pair));
}
