import { describe, expect, it } from 'vitest';
import { planConfig, type ConfigPlan } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';

/** A process for Stable Diffusion 1, whose LoRA has an alpha. */
const process = ({ network = '', train = '', more = '' }): string => `config:
  process:
    - type: sd_trainer
      network: { type: lora, linear: 8, linear_alpha: 4${network} }
      model: { name_or_path: runwayml/stable-diffusion-v1-5 }
      train: { lr: 5e-4${train} }
${more}`;

function symmetric(text: string): ConfigPlan {
  const plan = planConfig(text, readConfig(text, 'a.yaml'), 0, 16).plans.find(({ id }) => id === 'symmetric');
  if (!plan) throw new Error('no symmetric plan');
  return plan;
}

const limitsOf = (text: string): string[] =>
  symmetric(text)
    .caveats.filter(({ limits }) => limits === 'approximate')
    .map(({ code }) => code);

const ADAFACTOR = ', optimizer: adafactor';

describe('what ai-toolkit trains beside the LoRA', () => {
  it.each([
    ['an embedding', { train: ADAFACTOR, more: '      embedding: { trigger: abc, tokens: 4 }\n' }],
    [
      'an embedding at its own rate',
      { train: `${ADAFACTOR}, embedding_lr: 1e-3`, more: '      embedding: {tokens: 4}\n' },
    ],
    ['a decorator', { train: ADAFACTOR, more: '      decorator: { num_tokens: 4 }\n' }],
    ['an adapter', { train: ADAFACTOR, more: '      adapter: { type: ip, train: true }\n' }],
    ['all layers', { train: ADAFACTOR, network: ', all_layers: true' }],
    ['whole layers', { train: ADAFACTOR, network: ', network_kwargs: { full_if_contains: [norm] }' }],
    ['weights of the loss', { train: `${ADAFACTOR}, learnable_snr_gos: true` }],
  ])('makes no plan exact: %s', (_, parts) => {
    expect(limitsOf(process(parts))).toEqual(['unscaled-parameters']);
  });

  it.each([
    { train: ADAFACTOR },
    {
      train: ADAFACTOR,
      network: ', all_layers: false, network_kwargs: { only_if_contains: [attn], full_if_contains: [] }',
    },
    { train: ADAFACTOR, more: '      adapter: { type: ip, train: false }\n' },
  ])('has nothing to say of %o', (parts) => {
    expect(limitsOf(process(parts))).toEqual([]);
    expect(readConfig(process(parts), 'a.yaml').notUnderstood).toEqual([]);
  });

  it('draws A anew where the network is merged at every save', () => {
    expect(limitsOf(process({ train: `${ADAFACTOR}, merge_network_on_save: true` }))).toEqual(['merges-and-restarts']);
  });
});

describe('the optimizers of ai-toolkit', () => {
  it('never clips for adafactor, and does for Adafactor', () => {
    const keys = (name: string): string[] =>
      symmetric(process({ train: `, optimizer: ${name}, max_grad_norm: 0.5` })).rows.map(({ key }) => key);
    expect(keys('adafactor')).not.toContain('train.max_grad_norm');
    expect(keys('Adafactor')).toContain('train.max_grad_norm');
  });

  it('writes the constants of automagic2', () => {
    const text = process({ train: ', optimizer: automagic2' });
    const result = rewriteConfig(text, readConfig(text, 'a.yaml'), 0, 16, 'symmetric');
    expect('edits' in result && result.edits.map((edit) => edit.text).join()).toContain('eps: 4e-30');
  });

  it('does not follow a rate that automagic replaces', () => {
    expect(limitsOf(process({ train: ', optimizer: automagic2' }).replace('5e-4', '2e-3'))).toContain('rate-forced');
  });

  it('is not nearly exact where eps is fixed at 1e-6', () => {
    expect(symmetric(process({ train: ', optimizer: adamw' })).exactness).toBe('approximate');
  });
});

it.each([
  ['network', { network: ', magic: 3' }, 'magic: 3', true],
  ['network kwargs', { network: ', network_kwargs: { modules_alpha: { a: 4 } }' }, 'modules_alpha: { a: 4 }', true],
  ['train', { train: ', lora_up_lr: 3' }, 'lora_up_lr: 3', true],
  ['optimizer', { train: ', optimizer: adafactor, optimizer_params: { magic: true }' }, 'magic: true', false],
  ['process', { more: '      second_network: { rank: 4 }\n' }, 'second_network: { rank: 4 }', true],
  ['schedule', { train: ', lr_scheduler: polynomial' }, 'polynomial', false],
])('names what nobody knows under %s', (_, parts, source, mayMove) => {
  const { notUnderstood } = readConfig(process(parts), 'a.yaml');
  expect(notUnderstood.map((each) => [each.source, each.mayMove])).toEqual([[source, mayMove]]);
});
