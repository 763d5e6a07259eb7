import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { fieldAt } from '../../../../src/extension/documents/places';
import { hoverWords } from '../../../../src/extension/hover/hover-words';
import { AXOLOTL } from '../../../support/axolotl';

/** The hover over the first place where `words` stand, as one text. */
function hover(words: string, text = AXOLOTL, name = 'train.yml'): string {
  const reading = readConfig(text, name);
  const at = fieldAt(reading, text.indexOf(words));
  return at ? hoverWords(text, reading, at).join('\n\n') : '';
}

describe('the hover', () => {
  it('over alpha says the scaling, then the numbers of another alpha, then why', () => {
    const said = hover('lora_alpha');
    expect(said).toContain('**Alpha.** s = α/r = 16/16 = 1');
    expect(said).toContain('**At alpha 64: exact** (k = 4, AdamW)');
    expect(said).toMatch(/`learning_rate`.*0\.0002.*0\.0001.*÷ √k/);
    expect(said).toMatch(/`weight_decay`.*0\.02.*× √k/);
    expect(said).toMatch(/init of A.*÷ √k/);
    expect(said).not.toMatch(/pace|reach/);
    expect(said.indexOf('Changing alpha alone')).toBeGreaterThan(said.indexOf('init of A'));
  });

  it('over the rank says why alpha is what it is where nobody wrote one', () => {
    const text = 'stage: sft\nmodel_name_or_path: m\nfinetuning_type: lora\nlora_rank: 8\nlora_target: all\n';
    const said = hover('lora_rank', text, 'lf.yaml');
    expect(said).toContain('alpha is not set, so it is 16.');
    expect(said).toContain('At rank 16 and the same alpha the scaling would be 1; alpha 32 (× 2) would keep it.');
  });

  it('says where alpha has no effect', () => {
    const text = [
      'job: extension',
      'config:',
      '  process:',
      '    - network: {type: lora, linear: 16, linear_alpha: 8}',
      '      train: {lr: 1e-4}',
      '      model: {is_flux: true}',
      '',
    ].join('\n');
    expect(hover('linear_alpha', text, 'flux.yaml')).toMatch(
      /no effect here: s = 1\s+ai\\?-toolkit sets alpha to the rank/,
    );
    expect(hover('linear: 16', text, 'flux.yaml')).toContain('The scaling is 1 here at every rank.');
  });

  const CLIPPED = `${AXOLOTL}max_grad_norm: 1.0\nadam_epsilon: 1.0e-8\nadam_beta1: 0.9\nadam_beta2: 0.99\n`;
  it.each([
    [
      'lora_r',
      AXOLOTL.replace('lora_dropout', 'peft_use_rslora: true\nlora_dropout'),
      'alpha 22.63 (× √2) would keep it',
    ],
    ['lora_r', AXOLOTL, 'Which learning rate is best then depends on optimizer and task'],
    ['learning_rate', AXOLOTL.replace('adamw_torch', 'sgd'), '**At alpha 64: `0.00005`** (÷ k '],
    ['weight_decay', AXOLOTL, 'learning rate × decay: 2e-6 at the peak learning rate'],
    ['loraplus', AXOLOTL.replace('weight_decay: 0.01', 'loraplus_lr_ratio: 16'), 'A learns at 2e-4 and B at 0.0032'],
    ['max_grad_norm', CLIPPED, '**At alpha 64: `2.0`** (× √k '],
    ['max_grad_norm', `${AXOLOTL}max_grad_norm: 0\n`, 'Clipping is off.'],
    ['adam_epsilon', CLIPPED, '(× √k with'],
    ['adam_beta1', CLIPPED, 'Unchanged at every scaling: it has no unit.'],
  ])('over %s says the rule of its case: case %#', (key, text, words) => expect(hover(key, text)).toContain(words));

  it('over the rate says the rule of the optimizer', () => {
    const said = hover('learning_rate', AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64'));
    expect(said).toContain('**At alpha 256: `0.0001`** (÷ √k with k = 4; plan: exact)');
    expect(said).not.toMatch(/pace|reach/);
  });

  it('takes the alpha that the user sets everywhere as its example', () => {
    const reading = readConfig(AXOLOTL, 'x.yml');
    const at = fieldAt(reading, AXOLOTL.indexOf('lora_alpha'));
    const said = (usual: number): string => (at ? hoverWords(AXOLOTL, reading, at, usual) : []).join();
    expect(said(32)).toContain('**At alpha 32: exact** (k = 2, AdamW)');
    // The file has it already.
    expect(said(16)).toContain('**At alpha 64: exact**');
  });

  it('names the weaker claim of what was not understood', () => {
    const text = AXOLOTL.replace('lora_dropout', 'lora_weight_exotic: 3\nlora_dropout');
    expect(hover('lora_alpha', text)).toMatch(/\*\*At alpha 64: (exact for what was read|approximate)\*\*/);
  });

  it('over weight decay that LoRA+ drops says that it has no effect', () => {
    const said = hover('weight_decay', AXOLOTL.replace('weight_decay', 'loraplus_lr_ratio: 16\nweight_decay'));
    expect(said).toContain('ignores weight decay');
    expect(said).not.toContain('At alpha');
  });

  it.each([
    ['came_pytorch', 'squares of the gradient', '× k'],
    ['adamw_torch', 'size of the gradient', '× √k'],
  ])('over the eps of %s says its unit', (optimizer, unit, law) => {
    const said = hover('adam_epsilon', `${AXOLOTL.replace('adamw_torch', optimizer)}adam_epsilon: 1.0e-9\n`);
    expect(said).toContain(unit);
    expect(said).toContain(`(${law} with`);
  });

  it.each([
    ['torch.optim.Adadelta', 'squares of the gradient'],
    ['pytorch_optimizer.Shampoo', null],
  ])('over the eps of %s says no unit that it does not have', (optimizer, unit) => {
    const text = `network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 4\nlearning_rate = 1e-3\noptimizer_type = "${optimizer}"\noptimizer_args = ["eps=1e-9"]\n`;
    if (unit === null) expect(hover('eps', text, 'a.toml')).not.toContain('unit of');
    else expect(hover('eps', text, 'a.toml')).toContain(unit);
  });

  it('over weight decay gives B its own share where B has its own rate', () => {
    const text = `import torch
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16))
optimizer = create_loraplus_optimizer(model=model, optimizer_cls=torch.optim.AdamW, lr=1e-4, loraplus_lr_ratio=16, loraplus_weight_decay=0.1)
`;
    expect(hover('loraplus_weight_decay', text, 'a.py')).toContain('A by 1e-5, B by 1.6e-4');
  });

  it('over the optimizer has its whole rule, and the defaults with their reasons', () => {
    const said = hover('optimizer:');
    expect(said).toContain('**Optimizer.** AdamW (`adamw_torch`)');
    for (const row of ['init of A', 'learning rate', 'weight decay', 'eps', 'max grad norm'])
      expect(said).toContain(row);
    expect(said).toMatch(/Defaults, because the file does not set them: \(Defaults as of .+\.\)\n\n- /);
  });

  it('over an optimizer nobody knows says so, in plain words', () => {
    const said = hover('optimizer:', AXOLOTL.replace('adamw_torch', '"[x](command:evil)"'));
    expect(said.replaceAll(/`[^`]*`/g, '')).not.toMatch(/(?<!\\)[[\]()]/);
    expect(said).toContain('Unknown optimizer: ');
  });

  it('over a scaling that stands there itself does not speak of alpha', () => {
    const text =
      'model: m\nfine_tune_type: lora\nlearning_rate: 1e-5\nlora_parameters:\n  rank: 8\n  scale: 20.0\n  dropout: 0\n';
    const said = hover('scale', text, 'mlx.yaml');
    expect(said).toContain('**Scaling.** s = scale = 20');
    expect(said).toContain('**At a scaling of 80: ');
    expect(said).not.toMatch(/\balpha/);
  });

  it('is none over what is no hyperparameter', () => {
    expect(hover('base_model')).toBe('');
    expect(hover('lora_dropout')).toBe('');
  });
});
