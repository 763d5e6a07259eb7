import { readConfig } from '../../../../src/config/read';
import type { Reading, ReadRecipe } from '../../../../src/config/reading';

/** A config of one trainer that names an optimizer, with further lines. Written for these tests. */
export type Writes = (name: string, ...lines: string[]) => { text: string; path: string };

export const axolotl: Writes = (name, ...lines) => ({
  path: 'a.yml',
  text: ['base_model: m', 'adapter: lora', 'lora_r: 8', 'lora_alpha: 16', `optimizer: ${name}`, 'learning_rate: 0.001']
    .concat(lines, '')
    .join('\n'),
});

export const llamafactory: Writes = (name, ...lines) => ({
  path: 'l.yaml',
  text: ['stage: sft', 'finetuning_type: lora', 'lora_rank: 8', `optim: ${name}`, ...lines, ''].join('\n'),
});

export const torchtune: Writes = (name, ...lines) => ({
  path: 't.yaml',
  text: [
    'model:',
    '  _component_: torchtune.models.llama3.lora_llama3_8b',
    '  lora_rank: 8',
    '  lora_alpha: 16',
    'optimizer:',
    `  _component_: ${name}`,
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n'),
});

/** `lines` are the optimizer's arguments. */
export const kohya: Writes = (name, ...lines) => ({
  path: 'k.toml',
  text: [
    'network_module = "networks.lora"',
    'network_dim = 8',
    'network_alpha = 4',
    'learning_rate = 1e-3',
    `optimizer_type = "${name}"`,
    ...(lines.length > 0 ? [`optimizer_args = [${lines.map((line) => `"${line}"`).join(', ')}]`] : []),
    '',
  ].join('\n'),
});

export function readingOf(writes: Writes, name: string, ...lines: string[]): Reading {
  const { text, path } = writes(name, ...lines);
  return readConfig(text, path);
}

export function recipeOf(writes: Writes, name: string, ...lines: string[]): ReadRecipe {
  const { recipes, findings } = readingOf(writes, name, ...lines);
  const [recipe] = recipes;
  if (!recipe) throw new Error(JSON.stringify(findings));
  return recipe;
}

/** Row, eps, weight decay and betas of a name: what nearly everything hangs on. */
export function factsOf(writes: Writes, name: string, ...lines: string[]): unknown[] {
  const { row, eps, weightDecay, betas } = recipeOf(writes, name, ...lines).optimizer;
  return [row, eps, weightDecay, betas];
}

export const codesOf = (writes: Writes, name: string, ...lines: string[]): string[] =>
  readingOf(writes, name, ...lines).findings.map(({ code }) => code);
