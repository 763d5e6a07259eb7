import type { LanguageModel } from '../../../../src/experiment/tasks/transformer/model';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import type { ExperimentSpec } from '../../../../src/experiment/spec';
import { baseKey, pretrained, baseWith, weightsOf } from '../../../../src/experiment/training/pretrained';
import type { ReadyBases } from '../../../../src/experiment/training/pretrained';
import { storedBases } from '../../../../src/worker/node/bases';
import { nodeRunner } from '../../../../src/worker/node/runner';
import { ASSETS, quiet, smallTransformer } from '../../experiment/support/lab';
import { bundle } from '../support/bundle';

const small = (seed: number): ExperimentSpec => smallTransformer({ backend: 'wasm', seeds: [seed] });

describe('bases in a folder', () => {
  const NONE: ReadyBases = new Map();
  const KEY = baseKey(small(7));
  let folder: string;
  let base: LanguageModel;
  const bases = (build = 'one'): ReadyBases => storedBases(NONE, folder, build);
  const only = (): string => join(folder, readdirSync(folder)[0] ?? '');

  beforeAll(async () => {
    await chooseBackend('wasm', quiet.backends, ASSETS);
    base = await pretrained(small(7), 'wasm', quiet);
  });
  beforeEach(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    folder = mkdtempSync(join(tmpdir(), 'lora-alpha-bases-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('come back with every bit, for what they were made from and in the same build alone', () => {
    bases().keep?.(KEY, base);
    expect(bases().get(KEY)).toEqual(base);
    expect(bases().get(baseKey(small(8)))).toBeUndefined();
    expect(bases('another').get(KEY)).toBeUndefined();
  });

  it('that are shipped are not read from it', () => {
    const shipped = new Map([[KEY, { ...base }]]);
    expect(storedBases(shipped, folder, 'one').get(KEY)).toBe(shipped.get(KEY));
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['cut off', (bytes) => bytes.subarray(0, -4)],
    ['empty', () => new Uint8Array()],
    ['changed in one bit', (bytes) => bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1)],
    ['text', () => Buffer.from('not a base')],
  ])('are trained again where a file is %s', (_, broken) => {
    bases().keep?.(KEY, base);
    writeFileSync(only(), broken(readFileSync(only())));
    expect(bases().get(KEY)).toBeUndefined();
  });

  it('are trained again where the folder cannot be written', () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file');
    bases().keep?.(KEY, base);
    expect(bases().get(KEY)).toBeUndefined();
    expect(readFileSync(folder, 'utf8')).toBe('a file');
  });

  it('are fifty at most, the oldest go', () => {
    bases().keep?.(KEY, base);
    utimesSync(only(), 1, 1);
    for (let seed = 100; seed < 150; seed++) bases().keep?.(baseKey(small(seed)), base);
    expect(readdirSync(folder)).toHaveLength(50);
    expect(bases().get(KEY)).toBeUndefined();
    expect(bases().get(baseKey(small(149)))).toEqual(base);
  });

  it('serve the next thread, which trains from them', { timeout: 60_000 }, async () => {
    const workerPath = await bundle('src/worker/node/main.ts');
    const lossesOf = async (): Promise<unknown> => {
      const runner = nodeRunner({ workerPath, assets: ASSETS, basesFolder: pathToFileURL(folder).href });
      const { losses } = await runner.run(small(9), {});
      runner.dispose();
      return losses;
    };
    const first = await lossesOf();
    expect(readdirSync(folder)).toHaveLength(1);
    expect(await lossesOf()).toEqual(first);
    // Another base under the same key shows that the next thread reads it. Tests ship none, so their build is nameless.
    const kept = storedBases(NONE, folder, '');
    const own = kept.get(baseKey(small(9)));
    if (!own) throw new Error('nothing was kept');
    const halved = baseWith(
      own.shape,
      weightsOf(own).map((weight) => weight / 2),
    );
    kept.keep?.(baseKey(small(9)), halved);
    expect(await lossesOf()).not.toEqual(first);
  });
});
