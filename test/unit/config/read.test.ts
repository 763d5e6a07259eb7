import { describe, expect, it } from 'vitest';
import { interpretationOf, readConfig } from '../../../src/config/read';

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
      [AXOLOTL.replace('adapter: lora', 'adapter:'), 'full.yml'],
    ] as const) {
      expect(readConfig(text, path)).toMatchObject({ isLora: false, trainer: null, recipes: [], findings: [] });
    }
  });

  it('has one error with its line for a broken file, and no recipe', () => {
    const reading = readConfig(AXOLOTL.replace('lora_r: 16', '\tlora_r: 16'), 'train.yml');
    expect(reading).toMatchObject({ isLora: true, trainer: 'axolotl', recipes: [] });
    expect(reading.findings).toHaveLength(1);
    expect(reading.findings[0]).toMatchObject({ code: 'syntax', severity: 'error', line: 3 });
    expect(reading.findings[0]?.message).toMatch(/spaces/);
  });

  it('takes a broken file for one of the trainer most of whose keys it has', () => {
    const broken = (text: string, path: string): unknown => readConfig(text, path).trainer;
    expect(broken('lora_r: 8\nlora_alpha: 16\nlora_query: true\nlora_head: [\n', 'a.yaml')).toBe('litgpt');
    expect(broken('tuner_type: lora\nlora_rank: 8\nlora_alpha: 32\nmodel: [\n', 'a.yaml')).toBe('ms-swift');
    expect(broken('finetuning_type: lora\nlora_rank: 8\nstage: [\n', 'a.yaml')).toBe('llamafactory');
  });

  it.each([
    ['lora_r: 16', 'lora_r: 0', /lora_r is 0; it must be a whole number/, 3],
    ['lora_r: 16', 'lora_r: 2.5', /lora_r is 2.5/, 3],
    ['lora_alpha: 32', 'lora_alpha: 0', /lora_alpha is 0; it must be a number above 0/, 4],
    ['lora_alpha: 32', 'lora_alpha: -8', /lora_alpha is -8/, 4],
    ['lora_alpha: 32', 'lora_alpha: much', /lora_alpha is much; it must be a number/, 4],
    ['2e-4', '.nan', /learning_rate is NaN/, 5],
    ['2e-4', '-1e-4', /learning_rate is -0.0001; it must be a number, 0 or above/, 5],
    ['2e-4', '1e25', /learning_rate is 1e\+25; it must be a number, 0 or above \(and from 1e-50 to 1e20\)/, 5],
    ['2e-4', '"fast"', /learning_rate is "fast"/, 5],
    [
      '2e-4',
      '5e19\nloraplus_lr_ratio: 4',
      /loraplus_lr_ratio is 4; it must be such that B's learning rate, 2e20, is a number, 0 or above \(and from 1e-50 to 1e20\)/,
      6,
    ],
  ])('leaves the recipe out for %s → %s, with one error', (from, to, message, line) => {
    const reading = readConfig(AXOLOTL.replace(from, to), 'train.yml');
    expect(reading).toMatchObject({ isLora: true, recipes: [] });
    expect(reading.findings).toHaveLength(1);
    expect(reading.findings[0]).toMatchObject({ severity: 'error', code: 'value-invalid', line });
    expect(reading.findings[0]?.message).toMatch(message);
  });

  it('reads JSON with the numbers that only Python has words for, and refuses them as hyperparameters', () => {
    const saved = '{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "peft_version": NaN, "revision": -Infinity}';
    expect(readConfig(saved, 'adapter_config.json')).toMatchObject({ findings: [], recipes: [{ rank: 8, alpha: 16 }] });
    for (const word of ['NaN', 'Infinity', '-Infinity']) {
      const reading = readConfig(saved.replace('16', word), 'adapter_config.json');
      expect(reading).toMatchObject({ isLora: true, recipes: [], findings: [{ code: 'value-invalid' }] });
      expect(reading.findings[0]?.message).toMatch(`lora_alpha is ${word}; it must be a number above 0`);
    }
  });

  it('asks for an alpha where the trainer has no default', () => {
    const reading = readConfig(AXOLOTL.replace(/lora_alpha.*\n/, ''), 'train.yml');
    expect(reading.recipes).toEqual([]);
    expect(reading.findings).toMatchObject([{ severity: 'error', code: 'alpha-missing', line: 3 }]);
  });

  it('reads rsLoRA and DoRA', () => {
    const [recipe] = readConfig(`${AXOLOTL}peft_use_rslora: true\npeft_use_dora: true\n`, 'a.yml').recipes;
    expect(recipe).toMatchObject({ scalingRule: 'rslora', scaling: 8, useDora: true });
  });

  it('lets the last of two equal keys count, and warns', () => {
    const reading = readConfig(`${AXOLOTL}lora_alpha: 64\n`, 'a.yml');
    expect(reading.recipes[0]?.alpha).toBe(64);
    expect(reading.findings).toMatchObject([{ code: 'key-twice', severity: 'warning', line: 6 }]);
  });

  it.each([
    [`${AXOLOTL}---\n`, [6]],
    [`---\n${AXOLOTL}--- # empty\n# nothing\n`, [7]],
    [`${AXOLOTL}---\n${AXOLOTL}---\n${AXOLOTL}`, [6]],
    [`# ---\n---\n${AXOLOTL}...\n`, []],
    ['run: {rank: 8, lora_alpha: 16, learning_rate: 1.0e-4}\n---\na: 1\n', []],
  ])('stops at a second document where the trainer does: %j', (text, lines) => {
    const { isLora, recipes, findings } = readConfig(text, 'a.yml');
    expect([isLora, recipes.length]).toEqual([true, lines.length === 0 ? 1 : 0]);
    const found = findings.filter(({ code }) => code === 'syntax');
    expect(found.map(({ line, message }) => [line, /single document/.test(message)])).toEqual(
      lines.map((line) => [line, true]),
    );
  });

  it.each([
    [
      'a.json',
      '{"peft_type": "LORA", "r": 8, "lora_alpha": 16, // note\n"x": 1}',
      'json stops here: found a comment',
      'peft',
    ],
    ['a.yml', `${AXOLOTL}x: !foo 1\n`, 'PyYAML stops here: could not determine a constructor', 'axolotl'],
    ['a.yml', `${AXOLOTL}x:\t1\n`, 'PyYAML stops here: while scanning for the next token', 'axolotl'],
  ])('stops where the loader of the trainer stops: %s', (path, text, message, trainer) => {
    const reading = readConfig(text, path);
    expect(reading).toMatchObject({
      isLora: true,
      trainer,
      recipes: [],
      findings: [{ code: 'syntax', severity: 'error' }],
    });
    expect(reading.findings[0]?.message).toContain(message);
  });

  it('takes what any reader takes where the trainer is not known', () => {
    const { recipes, findings } = readConfig(
      '{"run": {"rank": 8, "lora_alpha": 16, "learning_rate": 1e-4}} // note',
      'a.json',
    );
    expect(recipes).toHaveLength(1);
    expect(findings.filter(({ code }) => code === 'syntax')).toEqual([]);
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

describe('interpretationOf', () => {
  it('has what a reading was made from, and reads another text anew', () => {
    const reading = readConfig(AXOLOTL, 'a.yml');
    const located = interpretationOf(AXOLOTL, reading, 0);
    expect(located?.file.networks.map(({ recipe }) => recipe)).toEqual(reading.recipes);
    expect(interpretationOf(AXOLOTL, reading, 0)?.file).toBe(located?.file);
    expect(interpretationOf(AXOLOTL, reading, 1)).toBeNull();
    const moved = AXOLOTL.replace('lora_alpha: 32', 'lora_alpha: 64');
    expect(interpretationOf(moved, reading, 0)?.file.networks[0]?.recipe.alpha).toBe(64);
  });

  it('finds each of several runs', () => {
    const text =
      'run: {rank: 8, lora_alpha: 32, learning_rate: 1.0e-4}\n---\nrun: {rank: 8, lora_alpha: 64, learning_rate: 1.0e-4}\n';
    const reading = readConfig(text, 'a.yml');
    expect(reading.recipes).toMatchObject([
      { name: 'document 1', run: 'document 1', alpha: 32, stated: { alpha: { line: 1 } } },
      { name: 'document 2', run: 'document 2', alpha: 64, stated: { alpha: { line: 3 } } },
    ]);
    expect(interpretationOf(text, reading, 1)).toMatchObject({ index: 0, file: { root: { kind: 'map' } } });
  });
});
