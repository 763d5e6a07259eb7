import * as l10n from '@vscode/l10n';
import { dividing, type Library } from '../../init-code/divide';
import type { OptimizerNames } from '../../optimizers/word';
import { under } from '../../syntax/table';
import type { MapNode } from '../../syntax/tree';
import { DIFFUSERS_SCHEDULES } from '../schedules';
import { commandOf } from '../shared/command';
import { field, fixedAt, has, key, onlyIf, valueAt, type Default, type Fields, type Source } from '../shared/fields';
import { clipsAll, float16, halfWeights, on, resumes, stops, unclear, unscaledInAll, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/**
 * diffusers' add_adapter makes PEFT layers; its models train no embeddings.
 * @see https://github.com/huggingface/diffusers/blob/main/src/diffusers/loaders/peft.py
 */
export const DIFFUSERS_LIBRARY: Library = { A: ['lora_A'], B: ['lora_B'], hasAdapters: true };

/** The defaults of most of diffusers' training scripts. */
const USUAL = {
  rankFlag: 'rank',
  rank: 4,
  /** The default of `--lora_alpha`, whatever the rank; null where the script has no such flag and takes the rank. */
  alpha: null as number | null,
  learningRate: 1e-4,
  weightDecay: 1e-2,
  beta2: 0.999,
  optimizer: 'AdamW',
  init: 'gaussian',
  clips: true,
};
type TrainingScript = typeof USUAL & { name: string };

/** Hands clipping an iterator (`filter`) that the optimizer has used up: it clips nothing. */
const UNCLIPPED: Partial<TrainingScript> = { clips: false };
/** Scripts that choose their optimizer by a flag have less decay. */
const WITH_OPTIMIZER: Partial<TrainingScript> = { weightDecay: 1e-4 };
const WITH_ALPHA: Partial<TrainingScript> = { ...WITH_OPTIMIZER, alpha: 4 };
const KAIMING: Partial<TrainingScript> = { init: 'kaiming-uniform' };
const COGVIDEO = { ...WITH_OPTIMIZER, ...KAIMING, rank: 128, alpha: 128, beta2: 0.95, optimizer: 'Adam' };
const LCM = { ...KAIMING, rankFlag: 'lora_rank', rank: 64, alpha: 64 };

const each = <T>(start: string, ends: readonly string[], script: T): Record<string, T> =>
  Object.fromEntries(ends.map((end) => [start + end, script]));

/**
 * By the script's name after `train_`: how it differs from the others.
 * @see https://github.com/huggingface/diffusers (examples, 58eb52c0: the defaults of each script's add_argument)
 */
const SCRIPTS: Readonly<Record<string, Partial<TrainingScript>>> = {
  dreambooth_lora: { learningRate: 5e-4 },
  text_to_image_lora: UNCLIPPED,
  text_to_image_lora_sdxl: {},
  control_lora_flux: { ...KAIMING, learningRate: 5e-6 },
  ...each('dreambooth_lora_', ['sdxl', 'sd15_advanced', 'sdxl_advanced', 'sd3', 'lumina2', 'hidream'], WITH_OPTIMIZER),
  ...each('dreambooth_lora_flux', ['', '_advanced', '_kontext', '2', '2_img2img', '2_klein'], WITH_ALPHA),
  ...each('dreambooth_lora_', ['flux2_klein_img2img', 'qwen_image', 'sana', 'z_image', 'ideogram4'], WITH_ALPHA),
  dreambooth_lora_krea2: { ...WITH_OPTIMIZER, rank: 32, alpha: 32, learningRate: 3e-4 },
  ...each('cogvideox_', ['lora', 'image_to_video_lora'], COGVIDEO),
  ...each('lcm_distill_lora_', ['sd_wds', 'sdxl_wds'], LCM),
  lcm_distill_lora_sdxl: { ...LCM, ...UNCLIPPED, learningRate: 1e-6 },
};

function scriptOf(root: MapNode): TrainingScript | null {
  const stem = /\btrain_(\w+)\.py\b/.exec(commandOf(root))?.[1] ?? '';
  const own = under(SCRIPTS, stem);
  // Another script of this name, as in examples/research_projects/lora, or with flags of kohya's trainers.
  const isFork = ['network_alpha', 'network_dim', 'lora_r', 'use_peft'].some((flag) => has(root, flag));
  return own && !isFork ? { ...USUAL, ...own, name: `train_${stem}.py` } : null;
}

/**
 * `--optimizer` of diffusers' training scripts, and what `--use_8bit_adam` makes of it.
 * @see https://github.com/huggingface/diffusers (examples/dreambooth/train_dreambooth_lora_flux.py, examples/cogvideo, 58eb52c0)
 */
const NAMES: OptimizerNames = {
  AdamW: { row: 'adamw' },
  'AdamW 8bit': { row: 'adamw', quantized: true },
  Adam: { row: 'adam' },
  prodigy: { row: 'prodigy' },
};

const scripted = (at: Parameters<typeof field>[0], of: (script: TrainingScript) => Default['value']): Source =>
  field(at, ({ root }) => {
    const script = scriptOf(root);
    return script && { value: of(script) };
  });

/** `--use_8bit_adam` changes the class, not the name; bitsandbytes' Adam is AdamW. */
function in8bits(root: MapNode): MapNode {
  const at = root.entries.findLastIndex((entry) => entry.key === 'use_8bit_adam');
  const entry = root.entries[at];
  const isProdigy = /^prodigy$/i.test(String(valueAt(root, 'optimizer')));
  if (entry?.value.kind !== 'scalar' || entry.value.value !== true || isProdigy) return root;
  return { ...root, entries: root.entries.with(at, { ...entry, value: { ...entry.value, value: 'AdamW 8bit' } }) };
}

const fields: Fields = {
  rank: scripted(['rank', 'lora_rank'], ({ rank }) => rank),
  alpha: scripted('lora_alpha', ({ alpha }) => alpha),
  useDora: field('use_dora'),
  learningRate: scripted('learning_rate', ({ learningRate }) => learningRate),
  optimizer: scripted(
    [key('use_8bit_adam', (value) => (typeof value === 'string' ? value : undefined)), 'optimizer'],
    ({ optimizer }) => optimizer,
  ),
  weightDecay: scripted('adam_weight_decay', ({ weightDecay }) => weightDecay),
  eps: field('adam_epsilon', 1e-8),
  betas: scripted(['adam_beta1', 'adam_beta2'], ({ beta2 }) => [0.9, beta2]),
  maxGradNorm: field('max_grad_norm', 1),
  scheduler: field('lr_scheduler', 'constant'),
  warmup: field('lr_warmup_steps', ({ root }) =>
    [undefined, 'constant'].includes(valueAt(root, 'lr_scheduler') as string | undefined)
      ? { value: 0, why: l10n.t('The constant schedule has no warm-up.') }
      : { value: 500 },
  ),
  dropout: field('lora_dropout', 0),
  init: scripted(key('gaussian_init_lora', onlyIf(true, 'gaussian')), ({ init }) => init),
  targetModules: field('lora_layers'),
};

const SAYS = {
  unclipped: l10n.t('The script clips nothing: the optimizer has used up the iterator of its parameters.'),
  alpha: l10n.t("diffusers' own script has no --lora_alpha: it stops at this flag, and sets alpha to the rank."),
  scaled: l10n.t`--scale_lr multiplies the learning rate by accumulation steps, batch size and number of processes. The effective learning rate is that product. A plan changes the number in the file, and the product changes by the same factor.`,
  replaced: l10n.t('The script does not know this optimizer and trains AdamW instead. Write adamw.'),
  textEncoder: l10n.t`The text encoder has a LoRA with its own learning rate and weight decay, which LoRA Alpha does not follow.`,
};

/** Whether the script knows the optimizer. Those for CogVideoX know adam, and lower case alone. */
const isKnown = (root: MapNode, name = String(valueAt(root, 'optimizer') ?? 'adamw')): boolean =>
  (scriptOf(root)?.optimizer === 'Adam' ? /^(?:adamw?|prodigy)$/ : /^(?:adamw|prodigy)$/i).test(name);

const TRAPS: readonly Trap[] = [
  stops('lora_alpha', SAYS.alpha, { when: (root) => scriptOf(root)?.alpha === null && has(root, 'lora_alpha') }),
  // In 16 bits only fp16 is cast to float32; bf16 is not (train_dreambooth_lora_flux.py: cast_training_params).
  halfWeights('mixed_precision', ['bf16']),
  on('scale_lr', 'rate-scaled', SAYS.scaled, { when: [true] }),
  unclear('optimizer', SAYS.replaced, { when: (root) => !isKnown(root) }),
  clipsAll('max_grad_norm', (root) => scriptOf(root)?.clips !== false),
  // examples/dreambooth/train_dreambooth_lora_flux.py
  unclear('train_text_encoder', SAYS.textEncoder, { when: [true], blocksEdits: true }),
  // examples/flux-control/train_control_lora_flux.py
  unscaledInAll('train_norm_layers', l10n.t('the norms'), [true]),
  unscaledInAll('train_text_encoder_ti', l10n.t('the token embeddings'), [true]),
  resumes('resume_from_checkpoint'),
];

/** Code for the variable of the script that holds the model with the LoRA. */
function initCode(root: MapNode | null): Layout['initCode'] {
  const model = root && scriptOf(root)?.rankFlag === 'lora_rank' ? 'unet' : 'transformer';
  const where = `# In the script, after the LoRA of ${model} is added and before the optimizer is made:`;
  return dividing(DIFFUSERS_LIBRARY, [where, `…${model}`]);
}

/** @see https://github.com/huggingface/diffusers (examples, 58eb52c0) */
const layout: Layout = {
  id: 'diffusers',
  recognise: (root) => scriptOf(root) !== null,
  fields,
  optimizers: NAMES,
  inFile: (root) => ({
    ...{ ...layout, owner: scriptOf(root)?.name ?? 'diffusers', initCode: initCode(root) },
    ...(scriptOf(root)?.clips === false && {
      fields: { ...fields, maxGradNorm: fixedAt({ value: 0, why: SAYS.unclipped }) },
    }),
  }),
  known: {
    '': `adam_weight_decay_text_encoder center_crop prodigy_beta3 prodigy_decouple prodigy_safeguard_warmup random_flip
       train_transformer_frac allow_tf32 cast_teacher_unet do_edm_style_training enable_slicing enable_tiling
       lora_unet_blocks lr_num_cycles lr_power num_* offload fps height width run_validation instance_data_root
       pre_compute_text_embeddings repeats skip_* text_encoder_lr train_shards_path_or_url train_text_encoder_*frac
       use_blora w_max w_min with_prior_preservation max_grad_norm`,
  },
  schedule: { schedules: DIFFUSERS_SCHEDULES, at: null },
  // argparse: type=int.
  wholeAlpha: 'int',
  alphaIsIgnored: (root) => {
    const script = scriptOf(root);
    return script?.alpha === null
      ? l10n.t`diffusers' own ${script.name} has no --lora_alpha and takes the rank for alpha.`
      : null;
  },
  traps: TRAPS,
  float16: float16('mixed_precision', ['fp16']),
  initCode: initCode(null),
};

export const diffusers: Trainer = {
  id: 'diffusers',
  name: 'diffusers',
  syntaxes: [],
  hint: /\btrain_\w*lora\w*\.py\b/,
  textNumbers: 'converts',
  runs: (root) => [{ root: in8bits(root) }],
  source: { repository: 'huggingface/diffusers', commit: '58eb52c0803e', date: '2026-08-23' },
  commandLine: {
    isCommonName: true,
    program: /\btrain_\w*lora\w*\.py\b|\btrain_dreambooth\.py\b/,
    hint: /\btrain_\w*lora\w*\.py\b/,
  },
  layouts: [layout],
};
