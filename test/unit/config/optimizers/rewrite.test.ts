import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';
import { axolotl, kohya, llamafactory, torchtune, type Writes } from './support';

/** The lines that change when alpha is multiplied by four, without those every trainer changes. */
function changed(writes: Writes, name: string, ...args: string[]): string[] {
  const { text, path } = writes(name, ...args);
  const reading = readConfig(text, path);
  const alpha = (reading.recipes[0]?.alpha ?? 0) * 4;
  const result = rewriteConfig(text, reading, 0, alpha, 'symmetric');
  if ('refusal' in result) throw new Error(result.refusal.message);
  const lines = applyEdits(text, result.edits).split('\n');
  return lines.filter((line) => !text.split('\n').includes(line) && !/_alpha|max_grad_norm|learning_rate/.test(line));
}

describe('the constants of an optimizer', () => {
  it.each<[string, Writes, string, string[], string[]]>([
    ['a list of arguments', kohya, 'Prodigy', [], ['optimizer_args = ["d0=5e-7", "eps=2e-8"]']],
    [
      'arguments that are there',
      kohya,
      'Prodigy',
      ['d0=1e-5', 'weight_decay=0.1'],
      ['optimizer_args = ["d0=5e-6", "weight_decay=0.2", "eps=2e-8"]'],
    ],
    ['a pair in an argument', kohya, 'AdaFactor', [], ['optimizer_args = ["eps=[4.0e-30, 5.0e-4]"]']],
    [
      'the half of a pair that moves',
      kohya,
      'AdaFactor',
      ['relative_step=False', 'scale_parameter=False'],
      ['optimizer_args = ["relative_step=False", "scale_parameter=False", "eps=[4e-30, 0.001]"]'],
    ],
    [
      'the items of a pair that is there',
      kohya,
      'AdaFactor',
      ['relative_step=False', 'eps=(1e-30, 1e-4)'],
      ['optimizer_args = ["relative_step=False", "eps=(4e-30, 5e-5)"]'],
    ],
    ['a pair in YAML', torchtune, 'torch.optim.Rprop', ['lr: 0.01'], ['  lr: 0.005', '  step_sizes: [5.0e-7, 25.0]']],
    [
      'a pair that is there in YAML',
      torchtune,
      'torch.optim.Rprop',
      ['lr: 0.01', 'step_sizes: [1.0e-7, 1.0]'],
      ['  lr: 0.005', '  step_sizes: [5.0e-8, 0.5]'],
    ],
    ['a map of arguments', axolotl, 'grokadamw', [], ['optim_args: { gradient_clipping: 2.0 }']],
    ['a map that is there', axolotl, 'rmsprop', ['optim_args:', '  alpha: 0.9'], ['  eps: 2.0e-8']],
    [
      'one text that is there',
      axolotl,
      'rmsprop',
      ['optim_args: "alpha=0.9,eps=1e-6" # both'],
      ['optim_args: "alpha=0.9,eps=2e-6" # both'],
    ],
    ['one text', llamafactory, 'adagrad', ['lora_alpha: 16'], ['optim_args: "eps=2.0e-10"']],
    [
      'a text in which it is missing',
      llamafactory,
      'rmsprop',
      ['optim_args: alpha=0.9'],
      ['optim_args: alpha=0.9,eps=2.0e-8'],
    ],
    [
      'a key of its own',
      axolotl,
      'dion',
      ['dion_lr: 0.01', 'optim_args: { epsilon: 1.0e-8 }'],
      ['dion_lr: 0.005', 'optim_args: { epsilon: 2.0e-8 }'],
    ],
  ])('are written into %s', (_, writes, name, args, lines) => {
    expect(changed(writes, name, ...args).sort()).toEqual(lines.sort());
  });

  it('are not written where a pair is a number, which the class would not take', () => {
    expect(() => changed(kohya, 'AdaFactor', 'relative_step=False', 'eps=1e-8')).toThrow(/eps\[0\]/);
  });

  it('stay out of what the trainer does not hand on', () => {
    expect(changed(axolotl, 'galore_adamw', 'weight_decay: 0.1', 'adam_epsilon: 1.0e-6')).toEqual([]);
  });
});
