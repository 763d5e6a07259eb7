import { expect, it } from 'vitest';
import { closest } from '../../../src/recipe/closest';

const NAMES = ['learning_rate', 'max_grad_norm', 'lora_alpha', 'adam_beta1', 'adam_beta2', 'read', 'rewrite'];

it.each<[string, string | null]>([
  ...['learning_rat', 'lerning_rate', 'learnign_rate', 'learningRate', '--learning-rate'].map(
    (name): [string, string] => [name, 'learning_rate'],
  ),
  ['max_gradnorm', 'max_grad_norm'],
  ['loraalpha', 'lora_alpha'],
  ['adam_beta', 'adam_beta1'],
  ['raed', 'read'],
  ['adam_beta2', null],
  ['lr', null],
  ['read_2b', null],
  ['seed', null],
  ['max_steps', null],
  ['x'.repeat(1e6), null],
])('%.20s was meant as %s', (name, meant) => {
  expect(closest(name, NAMES)).toBe(meant);
});
