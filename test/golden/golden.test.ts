import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import { replay } from './replay';
import { parseGolden, type GoldenCase, type GoldenFile } from './schema';

const ROOT = resolve(__dirname, '../..');
const ASSETS = join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
/** A file of one's own in place of the shared one. */
const OWN = process.env['LORA_ALPHA_GOLDEN'];
const SHARED = OWN ?? join(process.env.LORA_ALPHA_SHARED ?? resolve(ROOT, '../shared'), 'golden/golden.json');

const fixturePath = join(__dirname, 'fixture.json');
const read = (path: string): GoldenFile => parseGolden(readFileSync(path, 'utf8'), path);
const fixture = read(fixturePath);

describe.each([wasm, cpu])('on $id', (backend) => {
  it.each(fixture.cases.map((golden) => [golden.id, golden] as const))('%s is PyTorch’s run', async (_, golden) => {
    const result = await replay(fixture, golden, backend, ASSETS);
    expect(result).toMatchObject({ ok: true, backend: backend.id });
  });
});

describe('a replay that should fail', () => {
  type Spoil = (first: GoldenCase, file: GoldenFile) => void;
  const faults: [string, Spoil, RegExp][] = [
    [
      'a loss that is off by 1e-5',
      (one) => (one.loss32 = one.loss32.map((loss) => loss * (1 + 1e-5))),
      /away from PyTorch/,
    ],
    ['another learning rate', (one) => (one.hp = { ...one.hp, lr: 0.0501 }), /away from PyTorch/],
    [
      'a twin at k = 3 that is said to be exact to the bit',
      ({ twins }) => twins.forEach((twin) => (twin.bit = true)),
      /should have the base's bits/,
    ],
    [
      'a forgotten constant that is said to cost nothing',
      (_, { cases }) => cases[2]?.twins.forEach((twin) => Object.assign(twin, { dev32: 0, dev64: 0 })),
      /wd_same is .* away from the base/,
    ],
  ];

  it.each(faults)('%s', async (_, spoil, why) => {
    const file = structuredClone(fixture);
    for (const golden of file.cases.slice(0, 1)) spoil(golden, file);
    const results = [];
    for (const golden of file.cases.slice(0, 3)) results.push(await replay(file, golden, cpu, ASSETS));
    const reasons = results.flatMap((result) => (typeof result === 'string' ? [] : (result.why ?? [])));
    expect(reasons.join('\n')).toMatch(why);
  });

  it('says why a case is left out', async () => {
    const [golden] = fixture.cases;
    if (!golden) throw new Error('the fixture is empty');
    const odd: [Partial<GoldenCase>, string][] = [
      [{ opt: 'mine' }, 'the optimizer mine is not trained'],
      [{ loss: 'ce' }, 'the loss ce is not trained with the task linear'],
      [{ hp: { ...golden.hp, mood: 3 } }, 'the constant mood of the optimizer sgd is not known'],
    ];
    for (const [fields, why] of odd) expect(await replay(fixture, { ...golden, ...fields }, cpu, ASSETS)).toBe(why);
    const strange = { ...golden, twins: golden.twins.map((twin) => ({ ...twin, variant: 'moon_same' })) };
    const leftOut = golden.twins.map(() => 'the word moon_same is not known');
    expect(await replay(fixture, strange, cpu, ASSETS)).toMatchObject({ ok: true, twins: [], leftOut });
  });

  it('reads what Python writes for numbers that JSON lacks', () => {
    const text = JSON.stringify(fixture)
      .replace(/"dev32":[^,]+/, '"dev32":Infinity')
      .replace(/"loss32":\[[^,]+/, '"loss32":[NaN');
    const [golden] = parseGolden(text, 'some.json').cases;
    expect(golden?.loss32[0]).toBeNaN();
    expect(golden?.twins[0]?.dev32).toBeNull();
  });

  it('says where a file does not fit', () => {
    expect(() => parseGolden('{"steps": 3}', 'some.json')).toThrow(/^some\.json: tensors/);
  });
});

const shared = existsSync(SHARED);
if (!shared) console.warn(`left out: there is no ${SHARED}; set LORA_ALPHA_SHARED to the folder that has it`);

describe.skipIf(!shared)('the shared file', () => {
  // Every optimizer has a narrow case too, and wide ones are slow in JavaScript.
  const isQuick = ({ shape }: GoldenCase, i: number): boolean =>
    !/^(n32|tfm)/.test(shape) || OWN !== undefined || i % 5 === 0;

  it.each([
    [wasm.id, wasm, () => true, 137],
    [cpu.id, cpu, isQuick, 100],
  ] as const)('passes on %s', async (_, backend, isTaken, least) => {
    const file = read(SHARED);
    const results = [];
    for (const golden of file.cases.filter(isTaken)) results.push(await replay(file, golden, backend, ASSETS));
    const replayed = results.filter((result) => typeof result !== 'string');
    expect(results.filter((result) => typeof result === 'string')).toEqual([]);
    expect(replayed.filter(({ ok, leftOut }) => !ok || leftOut)).toEqual([]);
    expect(replayed.length).toBeGreaterThanOrEqual(OWN === undefined ? least : 1);
  });
});
