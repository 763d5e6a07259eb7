import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../../src/recipe/visible';
import { isRecording, readRecording, type Recording } from '../../../src/run/recording';
import { planConfig } from '../../../src/config/planned';
import { comparable, readAgainstRan } from '../../../src/run/read-against-ran';
import { runReading } from '../../../src/run/recipe-of-run';
import { group, module, recording, textOf } from '../../support/recording';

const read = (text: string): Recording | { wrong: string } => readRecording(text, 'run.json');

const many = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const keys = (count: number): object => Object.fromEntries(many(count, (i) => [`k${i}`, '1']));

describe('a recording', () => {
  it('is read as it was written; names of numbers that JSON lacks become numbers', () => {
    expect(read(textOf())).toEqual(recording());
    const text = textOf().replace('[3,2.5,2]', '["nan","inf","-inf"]');
    expect(read(text)).toMatchObject({ losses: [NaN, Infinity, -Infinity] });
  });

  it('may have further keys, at any depth', () => {
    const text = JSON.stringify({ ...recording(), later: 1, modules: [{ ...module(), later: 2 }] });
    expect(read(text)).not.toHaveProperty('wrong');
  });

  it.each<[string, string, string]>([
    ['an interrupted file', textOf().slice(0, -9), 'is not valid JSON: the recording may have been interrupted'],
    ['another file', '{"loraAlpha": 2}', 'is no recording of a run'],
    ['null', 'null', 'is no recording of a run'],
    ['another format', textOf().replace('run/1', 'run/7'), 'was written by another version'],
    ['a rank of half', textOf().replace('"rank":8', '"rank":0.5'), 'is damaged at modules.0.rank'],
    ['a loss in words', textOf().replace('[3,2.5,2]', '["low"]'), 'is damaged at losses.0'],
    ['a missing list', textOf().replace('"clips"', '"clipz"'), 'is damaged at clips'],
    ['a hostile string', textOf().replace('"steps",', `"${'\\u001b[2J'.repeat(99)}",`), 'is damaged at ended'],
    ['too many losses', textOf({ losses: Array.from({ length: 200_001 }, () => 1) }), 'is damaged at losses'],
    ['a long name', textOf({ modules: [module({ name: 'x'.repeat(3000) })] }), 'is damaged at modules.0.name'],
    ['a million strings', textOf({ command: many(1e6, () => 'x') }), 'is damaged at command'],
    ['many keys', textOf({ versions: keys(1e5) as Recording['versions'] }), 'is damaged at versions'],
    ['deep nesting', textOf().replace('"losses":[', `"losses":[${'['.repeat(1e5)}${']'.repeat(1e5)},`), 'at losses.0'],
    ['a huge number', textOf().replace('[3,2.5,2]', '[1e999]'), 'is damaged at losses.0'],
    ['17 million characters', `{"format": "lora-alpha-run/1"${' '.repeat(17e6)}}`, 'is larger than 16 MB'],
  ])('with %s is refused in one sentence', (_what, text, sentence) => {
    const { wrong } = read(text) as { wrong: string };
    expect(wrong).toContain(sentence);
    expect(wrong).toBe(oneLine(wrong));
    expect(wrong.length).toBeLessThan(400);
  });

  it.each([
    ['alike', () => 8],
    ['of 50 ranks', (i: number) => 1 + (i % 50)],
  ])('of 2,000 modules, %s, is read, planned, compared and held against a file within seconds', (_what, rank) => {
    const modules = many(2000, (i) => module({ name: `model.layers.${i}.q_proj`, rank: rank(i), scaling: 2 }));
    const sketch = { norm: 1, values: many(8, () => Math.PI), sha: '0123456789abcdef' };
    const every = Object.fromEntries(modules.map(({ name }) => [`${name}.default`, sketch]));
    const text = textOf({ modules, sketches: [1, 2, 5, 10, 20].map((step) => ({ step, modules: every })) });
    const found = read(text);
    if ('wrong' in found) throw new Error(found.wrong);
    const reading = runReading(text, found);
    expect(planConfig(text, reading, 0, 64).plans.length).toBeGreaterThan(1);
    const [recipe] = reading.recipes;
    if (!recipe) throw new Error('no recipe');
    expect(comparable([recipe, recipe], [found, found]).init?.[1].A).toBe(1);
    expect(readAgainstRan(text, reading, found, text).agrees).toBe(true);
  });

  it('is known by its first words', () => {
    expect(
      [textOf(), ' {"format": "lora-alpha-run/9"}', '{"a": 1}', 'x = "lora-alpha-run/1"'].map(isRecording),
    ).toEqual([true, true, false, false]);
  });
});

describe('reading', () => {
  it('never throws, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...Object.keys(recording())), (value, key) => {
        const text = JSON.stringify({ ...recording(), [key]: JSON.parse(value) as unknown });
        const found = read(text);
        if ('wrong' in found) expect(found.wrong).toMatch(/^run\.json /);
        else expect(runReading(text, found).trainer).toBe('recorded-run');
      }),
    );
  });

  it('makes a reading of every recording that the schema lets through', () => {
    const number = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(NaN, Infinity, -Infinity, 0, -1));
    const numbers = fc.dictionary(fc.string(), fc.oneof(number, fc.boolean(), fc.string(), fc.constant(null)));
    const part = fc.record({
      scaling: fc.option(number),
      rank: fc.integer({ min: 1, max: 1e9 }),
    });
    fc.assert(
      fc.property(part, numbers, fc.string(), (own, extra, path) => {
        const optimizers = [{ class: path, groups: [group({ numbers: extra }), group({ roles: { B: 1, other: 2 } })] }];
        const run = recording({ modules: [module(own), module({ ...own, name: path })], optimizers });
        const reading = runReading(JSON.stringify(run), run);
        expect(reading.isLora).toBe(true);
        expect(reading.recipes.length + reading.findings.length).toBeGreaterThan(0);
      }),
    );
  });
});
