import { describe, expect, it } from 'vitest';
import { readConfig, type ConfigReading } from '../../../../src/config/read';
import { type SideContents, comparedOf, comparisonViewOf } from '../../../../src/extension/comparison/comparison-view';
import type { ComparisonView } from '../../../../src/messages/comparison';

const AXOLOTL = `base_model: some/model
adapter: lora
lora_r: 8
lora_alpha: 16
optimizer: adamw_torch
lr_scheduler: cosine
learning_rate: 3e-4
weight_decay: 0
`;
const KOHYA = `network_module = "networks.lora"
network_dim = 8
network_alpha = 8
learning_rate = 3e-4
optimizer_type = "AdamW"
`;

function scene(text: string, name: string, network = 0): SideContents<ConfigReading> {
  const file = { name, path: `/w/${name}`, state: 'ok', message: null, line: null } as const;
  return { file, source: { text, reading: readConfig(text, name) }, network };
}

function compared(first: SideContents<ConfigReading>, second: SideContents<ConfigReading>): ComparisonView {
  return { ...comparisonViewOf(first, second, comparedOf(first, second), ''), training: null };
}

describe('comparisonViewOf', () => {
  const other = AXOLOTL.replace('alpha: 16', 'alpha: 64');

  it('shows what stands in the files, with the line where it is written', () => {
    const { settings } = compared(scene(AXOLOTL, 'a.yml'), scene(other, 'b.yml'));
    expect(settings.map(({ name, ratio }) => [name, ratio])).toEqual([
      ['alpha', '× 4'],
      ['scaling', '× 4'],
      ['learning rate', 'same'],
    ]);
    expect(settings[0]?.second).toEqual({ text: '64', hint: 'lora_alpha', note: '', line: 4 });
  });

  it('calls files of one name by their folders, and two recipes of one file by theirs', () => {
    const [mine, twin] = [scene(AXOLOTL, 'x/train.yml'), scene(other, 'y/train.yml')];
    const { first, second, ways } = compared(mine, twin);
    expect([first.name, second.name]).toEqual(['x/train.yml', 'y/train.yml']);
    expect(ways[0]?.title).toBe('Take the scaling of x/train.yml');
    const two = KOHYA.replace('alpha = 8', 'alpha = 8\nnetwork_args = ["conv_dim=8", "conv_alpha=4"]');
    const recipe = (index: number): SideContents<ConfigReading> =>
      scene(two.replace('networks.lora', 'lycoris.kohya'), 'k.toml', index);
    const view = compared(recipe(0), recipe(1));
    expect(view.first.name).not.toBe(view.second.name);
  });

  it('says which way needs code', () => {
    const { ways } = compared(scene(AXOLOTL, 'a.yml'), scene(other, 'b.yml'));
    const needs = Object.fromEntries(ways.map((way) => [way.id, way.needs]));
    expect(needs).toMatchObject({ alpha: 'config only', init: 'needs code' });
  });

  it('marks what nobody wrote', () => {
    const { settings } = compared(scene(AXOLOTL, 'a.yml'), scene(KOHYA, 'k.toml'));
    const decay = settings.find(({ name }) => name === 'weight decay');
    expect(decay?.second).toMatchObject({ note: 'default', line: null });
    expect(decay?.second.hint).toMatch(/./);
  });

  it('says why each difference matters, and that the headline is not said twice', () => {
    const { verdict, differences, alike } = compared(scene(AXOLOTL, 'a.yml'), scene(other, 'b.yml'));
    expect(verdict).toMatchObject({ kind: 'different', headline: 'Different runs' });
    expect(verdict?.detail).toMatch(/^In b\.yml, B learns 4× faster, A as fast as in a\.yml\./);
    expect(differences.find(({ name }) => name === 'reach of B')).toMatchObject({
      ratio: '× 4',
      why: 'B learns 4× faster.',
    });
    expect(alike).toContain('pace of A');
  });

  it('tells what differs in a guard alone from what differs', () => {
    const { verdict } = compared(scene(AXOLOTL, 'a.yml'), scene(`${AXOLOTL}adam_epsilon: 2e-8\n`, 'b.yml'));
    expect(verdict?.kind).toBe('nearly');
  });

  it('has both signatures where nothing differs', () => {
    const view = compared(scene(AXOLOTL, 'a.yml'), scene(AXOLOTL, 'b.yml'));
    expect(view).toMatchObject({ verdict: { kind: 'same' }, differences: [], ways: [] });
    expect(view.signature.length).toBeGreaterThan(3);
  });

  it('offers what can be written, and says of a word that it is changed by hand', () => {
    const { ways } = compared(scene(AXOLOTL, 'a.yml'), scene(other.replace('cosine', 'linear'), 'b.yml'));
    expect(ways[0]).toMatchObject({
      id: 'alpha',
      refusal: null,
      changes: [
        { key: 'lora_alpha', from: '64', to: '16', note: '' },
        { key: 'lr_scheduler', from: 'linear', to: 'cosine', note: 'by hand' },
      ],
    });
  });

  it('takes the first recipe where the chosen one is gone', () => {
    const view = compared(scene(AXOLOTL, 'a.yml', 3), scene(other, 'b.yml'));
    expect(view.first.recipe?.network).toBe(0);
    expect(view.verdict?.kind).toBe('different');
  });

  it('has nothing to compare while one of them holds no recipe', () => {
    const view = compared(scene(AXOLOTL, 'a.yml'), scene('services: {}\n', 'compose.yml'));
    expect(view).toMatchObject({ verdict: null, settings: [], second: { recipe: null } });
  });
});
