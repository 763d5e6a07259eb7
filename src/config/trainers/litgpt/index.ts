import * as l10n from '@vscode/l10n';
import { dividing, LORA_A_B } from '../../init-code/divide';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_OF_MODEL } from '../../optimizers/torch';
import { commandIn, type MapNode } from '../../syntax/tree';
import { flagged, rangeOfCommand, withProgramValue } from '../shared/command';
import { field, fixedAt, isMap, key, says, torchClass, valueAt } from '../shared/fields';
import { float16, halfWeights, stops, unclear, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** What LoRA is put on, which is also the name of those layers in litgpt's models (litgpt/lora.py). */
const LAYERS = ['query', 'key', 'value', 'projection', 'mlp', 'head'];

/** A class of torch.optim may go by its own name (litgpt/utils.py: instantiate_torch_optimizer). */
const classOf = (name: unknown): string => (String(name).includes('.') ? String(name) : `torch.optim.${String(name)}`);

const NO_ARGUMENTS = l10n.t`litgpt stops if optimizer is a map without init_args.`;
const SAYS = {
  command: l10n.t`This program reads the numbers of the optimizer only from a config file, and another alpha needs another learning rate. Put the settings into a file for --config, and change them there.`,
  noLayer: l10n.t('No switch from lora_query to lora_head is on, so no layer gets LoRA and nothing is trained.'),
};

/** Keys on which the recipe for LoRA stops (litgpt/finetune/lora.py: validate_args). */
const REJECTED = ['max_norm', 'max_tokens', 'tie_embeddings', 'lr_warmup_fraction'].map((name): Trap => {
  const label = `train.${name}`;
  const why = l10n.t`litgpt's LoRA recipe does not support ${label}, and stops if it is set. Remove it.`;
  return stops(label, why, { when: (root) => says(root, label) });
});

const TRAPS: readonly Trap[] = [
  ...REJECTED,
  unclear('lora_r', SAYS.command, { when: (root) => commandIn(root) !== null, at: rangeOfCommand, blocksEdits: true }),
  // litgpt/utils.py: instantiate_torch_optimizer
  stops('optimizer', NO_ARGUMENTS, { when: (root) => isMap(root, 'optimizer') && !isMap(root, 'optimizer.init_args') }),
  halfWeights('precision', ['bf16-true', '16-true']),
  unclear('lora_query', SAYS.noLayer, {
    when: (root) =>
      ['lora_query', 'lora_value'].every((label) => valueAt(root, label) === false) &&
      !LAYERS.some((layer) => valueAt(root, `lora_${layer}`)),
  }),
];

function recognise(root: MapNode): boolean {
  const isOurs =
    LAYERS.some((layer) => typeof valueAt(root, `lora_${layer}`) === 'boolean') ||
    (says(root, 'checkpoint_dir') && says(root, 'lora_r', 'lora_alpha'));
  return isOurs && valueAt(root, 'lora_r') !== 0;
}

/** @see https://github.com/Lightning-AI/litgpt (litgpt/finetune/lora.py: setup, validate_args; litgpt/args.py: TrainArgs; 26857050) */
const layout: Layout = {
  id: 'litgpt',
  recognise,
  fields: {
    rank: field('lora_r', 8),
    alpha: field('lora_alpha', 16),
    optimizer: field([key('optimizer.class_path', classOf), key('optimizer', classOf)], 'torch.optim.AdamW'),
    ...torchClass('optimizer.init_args'),
    maxGradNorm: fixedAt(0),
    scheduler: fixedAt('cosine'),
    warmup: field('train.lr_warmup_steps', 100),
    dropout: field('lora_dropout', 0.05),
    init: fixedAt('kaiming-uniform'),
    targetModules: { keys: [] },
  },
  // The path of any class (litgpt/utils.py: instantiate_torch_optimizer).
  optimizers: { ...TORCH_OF_MODEL, ...BNB_CLASSES },
  argumentsAt: 'optimizer.init_args',
  newMaps: { optimizer: { class_path: 'torch.optim.AdamW' } },
  targetSwitches: LAYERS.map((layer) => ({ key: key(`lora_${layer}`), modules: [layer] })),
  // jsonargparse checks the type: lora_alpha is an int.
  wholeAlpha: 'int',
  known: { '': 'checkpoint_dir devices eval io log', train: 'min_lr' },
  traps: TRAPS,
  float16: float16('precision', [16, '16', '16-mixed', '16-true']),
  initCode: dividing(LORA_A_B, [
    '# litgpt has no hook for this. In litgpt/finetune/lora.py, in main, before load_checkpoint(fabric, model, …),',
    '# when the optimizer exists but has not stepped:',
    '    …',
  ]),
};

export const litgpt: Trainer = {
  id: 'litgpt',
  name: 'litgpt',
  syntaxes: ['yaml'],
  hint: /\blora_(?:query|key|value|projection|mlp|head|r|alpha)["']?\s*:/,
  loaders: { yaml: 'jsonargparse' },
  textNumbers: 'converts',
  source: { repository: 'Lightning-AI/litgpt', commit: '26857050', date: '2026-06-29' },
  commandLine: {
    program: /\blitgpt finetune(?:_lora)?\b|\bfinetune[/\\]lora\.py\b/,
    hint: /\blitgpt\b|\bfinetune[/\\]lora\.py\b/,
    config: flagged('config'),
    tree: withProgramValue('checkpoint_dir', 'named'),
  },
  programs: ['litgpt'],
  owns: /(?:^|[ /\\])litgpt(?:[ ./\\]|$)/,
  layouts: [layout],
};
