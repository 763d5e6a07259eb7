import { describe, expect, it } from 'vitest';
import type { AdapterNumbers } from '../../../../src/config/compare/adapter-fix';
import { readConfig } from '../../../../src/config/read';
import { adapterConversion } from '../../../../src/export/conversion/adapter-conversion';
import { axolotl } from '../export-of';

const TRAINED: AdapterNumbers = { rank: 8, scaling: 0.5, peft: { alpha: 4, useRslora: false } };
const KOHYA =
  'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 16\nlearning_rate = 1e-4\noptimizer_type = "AdamW"\n';

function said(text: string, adapter = TRAINED, name = 'train.yml'): string {
  const made = adapterConversion(text, readConfig(text, name), adapter, name);
  return 'text' in made ? made.text : made.refused;
}

describe('the conversion of an adapter to the scaling of a file', () => {
  it('goes from the scaling of the adapter to that of the file, A and B alike', () => {
    const text = said(axolotl('optimizer: adamw_torch'));
    expect(text).toContain('OLD = dict(r=8, lora_alpha=4, use_rslora=False)');
    expect(text).toContain('NEW = dict(lora_alpha=16, use_rslora=False)');
    expect(text).toContain('P, Q = 2, 2 ');
  });

  it('speaks of no plan, as it was made from none', () => {
    const top = said(axolotl('optimizer: adamw_torch')).split('\nimport ')[0]?.replaceAll('\n', ' ');
    expect(top).not.toMatch(/plan's numbers/);
    expect(top).toContain('max grad norm');
  });

  it('has the rules of both', () => {
    const text = said(axolotl(), { rank: 8, scaling: 2 * 8 ** 0.5, peft: { alpha: 16, useRslora: true } });
    expect(text).toContain('OLD = dict(r=8, lora_alpha=16, use_rslora=True)');
    expect(text).toContain('NEW = dict(lora_alpha=16, use_rslora=False)');
    expect(text).toContain('P, Q = 0.594603557501360');
  });

  it.each([
    ['another rank', axolotl(), { ...TRAINED, rank: 16 }, /^An adapter of rank 16 cannot be converted to rank 8\.$/],
    ['weights without an adapter_config.json', axolotl(), { rank: 8, scaling: 1 }, /^Only an adapter of PEFT/],
    ['a trainer with its own format', KOHYA, TRAINED, /^Only an adapter of PEFT/],
    [
      'an init with other frozen weights',
      axolotl('peft_init_lora_weights: olora'),
      TRAINED,
      /^A run with the init OLoRA/,
    ],
    ['an unknown state', axolotl('optimizer: came_pytorch'), TRAINED, /^No rule is known for the state of CAME/],
  ])('is refused for %s', (_, text, adapter, message) => {
    expect(said(text, adapter, text === KOHYA ? 'kohya.toml' : 'train.yml')).toMatch(message);
  });
});
