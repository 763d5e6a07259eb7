import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { fileRuns } from '../../../../src/extension/comparison/runs-words';
import { AXOLOTL } from '../../../support/axolotl';

const SWEEP = `method: grid
parameters:
  lora_r: {value: 16}
  lora_alpha: {values: [16, 64]}
  learning_rate: {values: [1e-4, 2e-4, 4e-4]}
  optimizer: {value: adamw_torch}
`;
const SCRIPT = (first: string, second: string): string => `accelerate launch train_network.py ${first}
accelerate launch train_network.py ${second}
`;
const KOHYA = '--network_module networks.lora --network_dim 16 --optimizer_type AdamW';

describe('fileRuns', () => {
  it('puts the combinations of a search that are one run under one heading', () => {
    const runs = fileRuns(readConfig(SWEEP, 'sweep.yml'));
    expect(runs?.title).toBe('6 combinations, 4 runs under AdamW');
    expect(runs?.groups.map(({ runs: group }) => group.map(({ label }) => label))).toEqual([
      ['lora_alpha 16 · learning_rate 1e-4'],
      ['lora_alpha 16 · learning_rate 2e-4', 'lora_alpha 64 · learning_rate 1e-4'],
      ['lora_alpha 16 · learning_rate 4e-4', 'lora_alpha 64 · learning_rate 2e-4'],
      ['lora_alpha 64 · learning_rate 4e-4'],
    ]);
    expect(SWEEP.slice(runs?.range.start, runs?.range.end)).toBe('lora_alpha');
    expect(runs?.claim).toMatch(/except for the size of the init/);
  });

  it('counts under AdamW and SGD where the search names no optimizer', () => {
    const text = SWEEP.replace(/ {2}optimizer.*\n/, '');
    expect(fileRuns(readConfig(text, 'sweep.yml'))?.title).toBe('6 combinations, 4 runs under AdamW, 5 runs under SGD');
  });

  it('groups the trainings of a script', () => {
    const text = SCRIPT(
      `${KOHYA} --network_alpha 16 --learning_rate 1e-4`,
      `${KOHYA} --network_alpha 16 --learning_rate 1e-4`,
    );
    const runs = fileRuns(readConfig(text, 'train.sh'));
    expect(runs?.title).toBe('2 recipes, all one run');
    const other = text.replace(/alpha 16 (?!.*\n.*alpha)/, 'alpha 64 ');
    expect(fileRuns(readConfig(other, 'train.sh'))?.title).toBe('2 recipes, 2 different runs');
  });

  it.each([
    ['one run', AXOLOTL, 'train.yml'],
    ['several networks of one run', readFileSync('examples/kohya-sdxl.toml', 'utf8'), 'kohya-sdxl.toml'],
    ['a search over a range', SWEEP.replace('{values: [16, 64]}', '{min: 8, max: 64}'), 'sweep.yml'],
    ['a search at one learning rate', SWEEP.replace('[1e-4, 2e-4, 4e-4]', '[1e-4]'), 'sweep.yml'],
  ])('is nothing for %s', (_, text, name) => {
    expect(fileRuns(readConfig(text, name))).toBeNull();
  });
});
