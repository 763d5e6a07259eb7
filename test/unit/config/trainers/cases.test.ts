import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences, outcomeLines, outcomeOf } from './outcome';

/**
 * Every file of test/fixtures/trainers and of cases/ with its expected outcome: what is read, what is said, and what is
 * written at four times alpha. A line `~ this => that` of an expected text is a variant of the file: what follows is how
 * its outcome differs. `{a|b|c}` stands for several variants with one outcome; `\n` breaks a line. A line `~# …` says
 * what the variants below it are about. A file that is `TEXT` alone varies wholly.
 *
 * `CASES=write npx vitest run --project unit test/unit/config/trainers/cases` writes them all: then read the diff.
 */
const CASES = 'test/unit/config/trainers/cases';
const FIXTURES = 'test/fixtures/trainers';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

const inputs = new Map([
  ...filesIn(FIXTURES).map((file) => [file, join(FIXTURES, file)] as const),
  ...filesIn(CASES)
    .filter((file) => !file.endsWith('.txt'))
    .map((file) => [file, join(CASES, file)] as const),
]);

/** Where the expected text of a file is. */
const toldIn = (file: string): string => join(CASES, `${file.replaceAll(' ', '-')}.txt`);

/** The texts that a variant stands for, with the word that they differ by. */
function variantsOf(text: string, variant: string): { text: string; word: string }[] {
  const [, head = '', words = '', tail = ''] = /^(.*?)\{([^{}]*\|[^{}]*)\}(.*)$/s.exec(variant) ?? [];
  const alternatives = words === '' ? [''] : words.split('|');
  return alternatives.map((word) => {
    const edits = (words === '' ? variant : head + word + tail).split(' ;; ');
    const changed = edits.reduce((before, edit) => {
      const [from = '', to = ''] = edit.split(' => ').map((part) => part.replaceAll('\\n', '\n'));
      const pieces = before.split(from);
      expect(pieces, `“${from}” stands once in the file`).toHaveLength(2);
      return pieces.join(to);
    }, text);
    return { text: changed, word };
  });
}

function expected(file: string, path: string, variants: readonly string[]): string {
  const text = readFileSync(path, 'utf8');
  const name = basename(file);
  const usual = outcomeOf(text, name, 1);
  const lines = variants.flatMap((line) => {
    if (line.startsWith('~#')) return [line];
    const told = variantsOf(text, line.slice(2)).map(({ text: varied, word }) => {
      const differs = differences(outcomeOf(varied, name, 1), usual);
      const words = differs.length > 0 ? differs : ['the same'];
      return words.map((said) => `  ${word === '' ? said : said.replaceAll(word, '*')}`);
    });
    const outcomes = new Set(told.map((one) => one.join('\n')));
    return [line, ...[...outcomes].join('\n  or\n').split('\n')];
  });
  const whole = path.startsWith(FIXTURES) ? outcomeOf(text, name) : usual;
  return [...outcomeLines(whole), ...lines, ''].join('\n');
}

describe('every case', () => {
  it.each([...inputs])(
    '%s',
    (file, path) => {
      const told = toldIn(file);
      const before = existsSync(told) ? readFileSync(told, 'utf8') : '';
      const variants = before.split('\n').filter((line) => /^~#? /.test(line));
      const now = expected(file, path, variants);
      if (process.env.CASES === 'write') writeFileSync(told, now);
      else expect(before, `${told}: CASES=write writes it`).toBe(now);
    },
    60_000,
  );

  it('has a file', () => {
    const told = new Set([...inputs.keys()].map(toldIn));
    const texts = filesIn(CASES).filter((file) => file.endsWith('.txt'));
    expect(texts.filter((text) => !told.has(join(CASES, text)))).toEqual([]);
  });
});
