import * as l10n from '@vscode/l10n';
import { dividing, type Library } from '../../init-code/divide';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_OF_MODEL, TORCHAO_CLASSES } from '../../optimizers/torch';
import { SHARES, TORCH_SCHEDULES } from '../schedules';
import { flagged } from '../shared/command';
import { field, fixedAt, key, torchClass, wordAt } from '../shared/fields';
import { clipsAll, foreign, halfWeights, resumes, stops } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** @see https://github.com/pytorch/torchtune/blob/main/torchtune/modules/peft/lora.py */
export const TORCHTUNE_LIBRARY: Library = {
  A: ['lora_a', 'lora_gate_a', 'lora_down_a', 'lora_up_a'],
  B: ['lora_b', 'lora_gate_b', 'lora_down_b', 'lora_up_b'],
};

/** @see https://github.com/pytorch/torchtune (arguments of the lora_* builders in torchtune/models, bd2a0fc7) */
const MODEL = `_component_ activation clip_* decoder_trainable dim embed_dim encoder_trainable fusion_trainable
  in_channels intermediate_dim k_norm lora_modules norm_eps num_* q_norm rope_base tie_word_embeddings`;

/** @see https://github.com/pytorch/torchtune (torchtune/modules/peft/lora.py, recipes/configs, bd2a0fc7) */
const layout: Layout = {
  id: 'torchtune',
  recognise: (root) => /\.q?lora_\w+$/.test(wordAt(root, 'model._component_')),
  fields: {
    rank: field('model.lora_rank', 8),
    alpha: field('model.lora_alpha', 16),
    useDora: field('model.use_dora'),
    optimizer: field('optimizer._component_'),
    ...torchClass('optimizer'),
    maxGradNorm: field('clip_grad_norm', 0),
    // The last part of a dotted path.
    scheduler: field(key('lr_scheduler._component_', (value) => String(value).split('.').at(-1))),
    warmup: field('lr_scheduler.num_warmup_steps'),
    dropout: field('model.lora_dropout', 0),
    init: fixedAt('kaiming-uniform'),
    targetModules: field('model.lora_attn_modules'),
  },
  // The path of any class. These are those torchtune ships, documents or depends on.
  nullable: 'clip_grad_norm',
  optimizers: { ...TORCH_OF_MODEL, ...BNB_CLASSES, ...TORCHAO_CLASSES },
  argumentsAt: 'optimizer',
  // torchtune/modules/peft/_utils.py: get_lora_module_names
  targetSwitches: [
    { key: key('model.apply_lora_to_mlp'), modules: ['w1', 'w2', 'w3'] },
    { key: key('model.apply_lora_to_output'), modules: ['output'] },
  ],
  // torchtune/training/lr_schedulers.py: its own falls to 0.
  schedule: { schedules: { ...TORCH_SCHEDULES, get_cosine_schedule_with_warmup: SHARES }, at: 'lr_scheduler' },
  known: {
    model: MODEL,
    // recipes/configs, bd2a0fc7
    '': `nproc_per_node nnodes batch_size_val checkpointer collate_fn context_parallel_* custom_sharded_layers
      data_parallel_* enable_* epsilon loss low_cpu_ram optimizer_in_bwd run_val_every_n_steps
      save_adapter_weights_only teacher_checkpointer `,
  },
  traps: [
    ...[resumes('resume_from_checkpoint'), clipsAll('clip_grad_norm')],
    foreign('model._component_', 'torchtune'),
    halfWeights('dtype', ['bf16']),
    // recipes/lora_finetune_single_device.py: __init__
    stops('dtype', l10n.t("torchtune's LoRA recipes stop at fp16: set bf16 or fp32."), { when: ['fp16'] }),
  ],
  float16: null,
  initCode: dividing(TORCHTUNE_LIBRARY, [
    '# Copy your recipe (tune cp lora_finetune_single_device .) and put this at the end of its _setup_model,',
    '# before `return model`; the optimizer is made later. A resumed run skips this: its factors are already rescaled.',
    'if not self._resume_from_checkpoint:',
    '    …',
  ]),
};

export const torchtune: Trainer = {
  id: 'torchtune',
  name: 'torchtune',
  syntaxes: ['yaml'],
  hint: /\b_component_["']?\s*:[^\n]{0,200}\.q?lora_/,
  loaders: { yaml: 'OmegaConf.load' },
  source: { repository: 'pytorch/torchtune', commit: 'bd2a0fc7c314', date: '2026-04-23' },
  interpolates: true,
  commandLine: {
    program: /\btune run\b/,
    hint: /\btune run\b/,
    takesOverrides: () => true,
    config: (root) => flagged('config')(root) ?? l10n.t('its config'),
  },
  programs: ['tune'],
  layouts: [layout],
};
