import { describe, expect, it } from 'vitest';
import { runOfRecipe, readConfig } from '../../../src/config/read';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32 # twice the rank\nlearning_rate: 2e-4\n';

describe('readConfig', () => {
  it('reads an Axolotl config, with every value in its place', () => {
    const reading = readConfig(AXOLOTL, 'train.yml');
    expect(reading).toMatchObject({ isLora: true, trainer: 'axolotl', trainerName: 'Axolotl', syntax: 'yaml' });
    expect(reading.findings).toEqual([]);
    const [recipe] = reading.recipes;
    expect(recipe).toMatchObject({ name: 'lora', rank: 16, alpha: 32, scaling: 2, learningRate: 2e-4, maxGradNorm: 1 });
    expect(recipe?.stated.alpha).toEqual({
      path: 'lora_alpha',
      line: 4,
      column: 13,
      range: { start: AXOLOTL.indexOf('32'), end: AXOLOTL.indexOf('32') + 2 },
      key: { start: AXOLOTL.indexOf('lora_alpha'), end: AXOLOTL.indexOf(': 32') },
    });
    expect(recipe?.assumed.maxGradNorm).toMatch(/defaults max grad norm to 1/);
    expect(recipe?.assumed.alpha).toBeUndefined();
  });

  it('finds a file that is none foreign, and says nothing of it', () => {
    for (const [text, path] of [
      ['', 'empty.yml'],
      ['lora: [', 'broken.yml'],
      ['# adapter: lora\nname: x\n', 'other.yaml'],
      [AXOLOTL, 'notes.txt'],
    ] as const) {
      expect(readConfig(text, path)).toMatchObject({ isLora: false, trainer: null, recipes: [], findings: [] });
    }
  });

  it('says of a file whose LoRA is off which line says so', () => {
    const { isLora, findings } = readConfig(AXOLOTL.replace('adapter: lora', 'adapter:'), 'full.yml');
    expect(isLora).toBe(false);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^These look like LoRA: line \d.* But line \d `adapter:` may switch it off/),
    ]);
  });

  it('leaves a rate unknown if the key that wins is, even if another key has a number', () => {
    const text =
      'accelerate launch train_network.py --network_module networks.lora --network_dim 8 --unet_lr $U --learning_rate 1e-4\n';
    expect(readConfig(text, 'a.sh').recipes).toMatchObject([
      { learningRate: null, unresolved: { learningRate: '$U' } },
    ]);
  });

  it('does not parse what is far too long for a config', () => {
    const reading = readConfig(`${AXOLOTL}${'a: [1, 2]\n'.repeat(100_000)}`, 'a.yml');
    expect(reading).toMatchObject({ isLora: false, recipes: [], findings: [{ code: 'too-large', severity: 'info' }] });
    expect(readConfig('{"x": ["lora_alpha"]}'.repeat(3_000), 'a.json').findings).toEqual([]);
  });

  it('stays out of a text that is too long, which a parser would take ages for', () => {
    // Brackets that nothing closes would have to be parsed to be found broken: no syntax error, so nobody did.
    const { findings } = readConfig(`${AXOLOTL}a: [\n${'[1, 2\n'.repeat(100_000)}`, 'a.yml');
    expect(findings.map(({ code }) => code)).toEqual(['too-large']);
  });
});

describe('runOfRecipe', () => {
  it('has what a reading was made from, and reads another text anew', () => {
    const reading = readConfig(AXOLOTL, 'a.yml');
    const located = runOfRecipe(AXOLOTL, reading, 0);
    expect(located?.run.adapters.map(({ recipe }) => recipe)).toEqual(reading.recipes);
    expect(runOfRecipe(AXOLOTL, reading, 0)?.run).toBe(located?.run);
    expect(runOfRecipe(AXOLOTL, reading, 1)).toBeNull();
    const moved = AXOLOTL.replace('lora_alpha: 32', 'lora_alpha: 64');
    expect(runOfRecipe(moved, reading, 0)?.run.adapters[0]?.recipe.alpha).toBe(64);
  });

  it('finds each of several runs', () => {
    const text =
      'run: {rank: 8, lora_alpha: 32, learning_rate: 1.0e-4}\n---\nrun: {rank: 8, lora_alpha: 64, learning_rate: 1.0e-4}\n';
    const reading = readConfig(text, 'a.yml');
    expect(reading.recipes).toMatchObject([
      { name: 'document 1', run: 'document 1', alpha: 32, stated: { alpha: { line: 1 } } },
      { name: 'document 2', run: 'document 2', alpha: 64, stated: { alpha: { line: 3 } } },
    ]);
    expect(runOfRecipe(text, reading, 1)).toMatchObject({ index: 0, run: { root: { kind: 'map' } } });
  });
});
