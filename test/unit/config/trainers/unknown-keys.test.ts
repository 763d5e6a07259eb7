import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';

/**
 * A key that nobody knows, beside every value that is read from a fixture, and before its first key: it is named with its
 * line, and no plan is called exact.
 */
const FIXTURES = 'test/fixtures/trainers';

/** A line with one key, and how an unknown one is written there. */
const LINES: readonly (readonly [file: RegExp, line: RegExp, unknown: string])[] = [
  [/\.ya?ml$/, /^( *(?:- )?)[\w.]+:(?: |$)/, 'made_up_key: 1'],
  [/\.toml$/, /^( *)[\w.]+ *=/, 'made_up_key = 1'],
  [/\.json$/, /^( *)"[\w.]+" *:/, '"made_up_key": 1,'],
  [/\.sh$/, /^( *)--[\w.-]+/, '--made_up_key 1 \\'],
  [/\.py$/, /^( +)\w+=(?!=)[^(]*,$/, 'made_up_key=1,'],
];

const indented = (text: string, unknown: string): string => text.replace(/- $/, '  ') + unknown;

/** The texts with the unknown key, each with the line where it stands. */
function variants(file: string, text: string): { text: string; line: number; before: string }[] {
  const [, shape, unknown = ''] = LINES.find(([name]) => name.test(file)) ?? [];
  if (!shape) return [];
  const lines = text.split('\n');
  const stated = readConfig(text, file).recipes.flatMap((recipe) =>
    Object.values(recipe.stated).map(({ line }) => line - 1),
  );
  // A command begins with the flags of what launches it, and of ai-toolkit's files only what is in a process is read.
  const first = file.endsWith('.sh') || text.includes('job') ? [] : [lines.findIndex((line) => shape.test(line))];
  return [...new Set([...first, ...stated])].flatMap((at) => {
    const [, start] = shape.exec(lines[at] ?? '') ?? [];
    if (start === undefined) return [];
    // Behind the dash of an item, the key comes second.
    const place = start.endsWith('- ') ? at + 1 : at;
    const edited = [...lines.slice(0, place), indented(start, unknown), ...lines.slice(place)].join('\n');
    return [{ text: edited, line: place + 1, before: (lines[at] ?? '').trim() }];
  });
}

const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
const cases = files.flatMap((file) => {
  // Of a guess everything is in doubt, and diffusion-pipe has no plans.
  if (/generic|diffusion-pipe/.test(file)) return [];
  const text = readFileSync(`${FIXTURES}/${file}`, 'utf8');
  const found = readConfig(text, basename(file)).recipes.length === 0 ? [] : variants(basename(file), text);
  return found.length === 0 ? [] : [{ file, found }];
});

describe('a key that nobody knows is named, and no plan is exact', () => {
  it.each(cases)('$file', ({ file, found }) => {
    const silent = found.flatMap(({ text, line, before }) => {
      const reading = readConfig(text, basename(file));
      const { recipes, notUnderstood } = reading;
      // The other commands of a script do not have the key.
      const isDoubted = recipes.some(({ alpha }, index) =>
        planConfig(text, reading, index, 4 * alpha).plans.every(({ exactness }) => exactness !== 'exact'),
      );
      const isNamed = notUnderstood.some((found) => found.line === line);
      return isNamed && isDoubted ? [] : [`${line}: before ${before}`];
    });
    expect(silent).toEqual([]);
  });
});
