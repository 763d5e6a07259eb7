import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import manifest from '../../../package.json';
import titles from '../../../package.nls.json';
import { AXOLOTL } from '../../support/axolotl';
import { isPlain, pseudoBundle } from '../../support/pseudo';

/** Keys of package.json whose texts a user reads. */
const READ = /^(title|label|contents|altText|displayName|(user|markdown)?[dD]escription|(markdownE|e)numDescriptions)$/;

describe('package.json', () => {
  it('takes every text a user reads from package.nls.json, but its name', () => {
    const texts = readTexts(manifest.contributes);
    expect(texts.length).toBeGreaterThan(30);
    expect(texts.filter((text) => !/^%[\w.-]+%$/.test(text))).toEqual(['LoRA Alpha']);
    expect(texts.filter((text) => text.startsWith('%') && !(text.slice(1, -1) in titles))).toEqual([]);
  });
});

const SOURCES = path.resolve(import.meta.dirname, '../../../src');
const TEXTS = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(path.join(SOURCES, name), 'utf8') }));

/** The terminal, Python's own words, answers to language models, and rows whose notes are in docs/engines.md alone. */
const ENGLISH =
  /^(?:cli|export|config.syntax.yaml|experiment.specs.sweep\.ts|extension.tool|adapter.engines.(?!audit|applied|parts))/;
const LOCALISED = /l10n\s*\.t(?:\(\s*(?:'[^']*'|"[^"]*")|`)|new \w*Error\([^;]*;|^\s*(?:\*|\/\/|\/\*).*$/gm;
const SENTENCE = /['`][A-Z][^'`\n]* [a-z]+ [^'`\n]*\.['`]/g;
const GENITIVE = /["`][\w ]+['’]s? [^"`\n]*["`]/g;

/** Paths that begin with `folder`, of files whose text matches. */
const matching = (pattern: RegExp, folder = ''): string[] =>
  TEXTS.flatMap(({ name, text }) => (name.startsWith(folder) && pattern.test(text) ? [name] : []));

describe('strings for translators', () => {
  it('are literals, because other strings are not collected', () => {
    const other = /l10n\.t\(\s*(?!\{ message: '[^']+', comment: \['[^']+'\] \})[^'"`\s]/;
    expect(matching(other)).toEqual([]);
  });

  it('have no escapes in templates, because they are collected with their backslashes', () => {
    expect(matching(/l10n\.t`[^`]*\\/)).toEqual([]);
  });

  it('are all reasons and messages about a config', () => {
    expect(matching(/\b(?:(?:why|message):\s*|doubt\(\s*)['"`][A-Z]/, `config${path.sep}`)).toEqual([]);
  });

  it.each([
    ['sentences', SENTENCE],
    ['genitives (`PEFT’s LoRA+`)', GENITIVE],
  ])('are all %s', (_, pattern) => {
    const others = TEXTS.filter(({ name }) => !ENGLISH.test(name)).flatMap(({ name, text }) =>
      [...text.replaceAll(LOCALISED, '').matchAll(pattern)].map(([found]) => `${name}: ${found}`),
    );
    expect(others).toEqual([]);
  });
});

/** What the host says of a config, in a language that has accents on every letter. */
describe('the editor in another language', () => {
  beforeAll(() => {
    l10n.config({ contents: pseudoBundle() });
    vi.resetModules();
  });
  afterAll(() => {
    l10n.config({ contents: {} });
    vi.resetModules();
  });
  // Names of keys, trainers, optimizers and symbols are the same everywhere.
  const NAMES = [
    'LoRA',
    'AdamW',
    'Axolotl',
    'Hugging Face',
    'Trainer',
    'transformers',
    'eps',
    'init of A',
    'init of B',
  ];
  const KEYS = 'loraplus_lr_ratio adam_epsilon max_grad_norm rank optimizer init dropout scheduler'.split(' ');
  const SYMBOLS = ['&emsp;', 'axolotl', 'cloud', 'max_norm', 'alpha 64', 'betas'];
  const data = [...AXOLOTL.split(/[^\w.]+/), ...NAMES, ...SYMBOLS, ...KEYS];

  it('has hovers', async () => {
    const { readConfig } = await import('../../../src/config/read');
    const { fieldAt } = await import('../../../src/extension/documents/places');
    const { hoverWords } = await import('../../../src/extension/hover/hover-words');
    const reading = readConfig(AXOLOTL, 'mine.yml');
    const words = Array.from(AXOLOTL, (_, offset) => fieldAt(reading, offset)).flatMap((at) =>
      at ? hoverWords(AXOLOTL, reading, at) : [],
    );
    expect(words.length).toBeGreaterThan(20);
    expect([...new Set(words)].filter((text) => isPlain(text, data))).toEqual([]);
  });

  it('has lenses and the words of the status bar', async () => {
    const { readConfig } = await import('../../../src/config/read');
    const { alphaLenses, rateLenses, statusWords } = await import('../../../src/extension/lens/lens-words');
    const reading = readConfig(AXOLOTL, 'mine.yml');
    const lenses = [...alphaLenses(reading), ...rateLenses(AXOLOTL, reading)].flatMap(({ title, why }) => [title, why]);
    const words = [...lenses, ...reading.recipes.map(statusWords)];
    expect(words.filter((text) => isPlain(text, data))).toEqual([]);
  });

  it('has a comparison', async () => {
    const { comparisonStateOf } = await import('../../webview-preview/comparison-states');
    const { view } = comparisonStateOf('different');
    const { verdict, settings, differences, alike, signature, ways, foot } = view;
    const { training: trained } = comparisonStateOf('train-untrained').view;
    const training = [trained?.untrained, trained?.assumptions, trained?.run.verdict];
    const texts = textsOf([verdict, settings, differences, alike, signature, ways, foot, training]);
    // Not texts: which verdict, how a plan is made, what a column holds.
    const codes = ['different', 'linear', 'numbers', 'alpha', 'init', 'undecided'];
    const known = [...data, 'llama3-lora.yml', 'house-rule.yml', 'pissa'];
    expect(texts.filter((text) => !codes.includes(text) && isPlain(text, known))).toEqual([]);
  });
});

function readTexts(value: unknown, isRead = false): string[] {
  if (typeof value === 'string') return isRead ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    readTexts(inner, Array.isArray(value) ? isRead : READ.test(key)),
  );
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
