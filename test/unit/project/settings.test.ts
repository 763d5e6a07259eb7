import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BOUNDS, withinBounds } from '../../../src/extension/bounds';
import { TASK_CHOICES } from '../../../src/experiment/toy/task-choice';

interface Setting {
  type: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = read('package.json') as { contributes: { configuration: { properties: Record<string, Setting> } } };
const strings = read('package.nls.json') as Record<string, string>;
const settings = Object.entries(manifest.contributes.configuration.properties).map(
  ([id, setting]) => [id.replace('loraAlpha.', ''), setting] as const,
);

describe('the settings', () => {
  it('that are numbers have bounds, which the editor checks and their descriptions name', () => {
    const numbers = settings.filter(([, { type }]) => type === 'integer' || type === 'number');
    const said = numbers.map(([id, { minimum, maximum, default: fallback }]) => [
      id,
      { low: minimum, high: maximum, fallback },
    ]);
    expect(Object.fromEntries(said)).toEqual(BOUNDS);
    for (const [id, { description = '', minimum, maximum }] of numbers) {
      expect(strings[description.replaceAll('%', '')], id).toContain(`from ${minimum} to ${maximum}`);
    }
  });

  it('that are words name all of them', () => {
    const words = settings.filter(([, { type }]) => type === 'string');
    expect(words.map(([id, { enum: choices }]) => [id, choices])).toEqual([
      ['backend', ['auto', 'cpu', 'wasm', 'webgl']],
      ['task', TASK_CHOICES],
    ]);
  });

  it.each([
    [0, 1],
    [-1e300, 1],
    [16, 16],
    [17, 16],
    [Infinity, 16],
    [2.4, 2],
    [NaN, 1],
    ['3', 1],
    [null, 1],
    [{}, 1],
  ])('take the nearest number that may be: %s', (value, taken) => {
    expect(withinBounds(BOUNDS.seeds, value)).toBe(taken);
  });
});
