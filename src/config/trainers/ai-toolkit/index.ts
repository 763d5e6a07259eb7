import * as l10n from '@vscode/l10n';
import { dividing, LORA_DOWN_UP } from '../../init-code/divide';
import { DADAPT_ADAM, LION, PRODIGY } from '../../optimizers/packages';
import { FIRST_EPS } from '../../optimizers/torch';
import { allAre, narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { FLOOR, shares } from '../schedules';
import { field, fixedAt, fromRow, has, isMap, key, otherKind, timesRank, valueAt, wordAt } from '../shared/fields';
import { zeroIsRank, type AdapterSources, type Source } from '../shared/fields';
import { clipsAll, float16, on, resumes, stops, type Trap } from '../shared/trap';
import type { Layout, Run, Trainer } from '../trainer';

const NAME = 'ai-toolkit';

/** ai-toolkit passes this eps itself. */
const withEps = (rule: OptimizerRule): OptimizerRule => ({ ...rule, fixed: { ...rule.fixed, eps: { value: 1e-6 } } });

/** bitsandbytes' kernel under Adam's name, with decoupled decay; ai-toolkit's own 8-bit Adam decouples it too. */
const ADAM_8BIT = withEps(narrow({ row: 'adamw', defaults: { weightDecay: 0 } }));
const EPS_OF_ADAFACTOR = { arguments: FIRST_EPS, pairs: { eps: [1e-30, 1e-3] } } as const;
const ADAFACTOR: OptimizerRule = {
  row: 'adafactor-hf',
  ...EPS_OF_ADAFACTOR,
  variants: [{ when: { scale_parameter: true }, is: { row: 'adafactor-hf-scale' } }],
};
const UNCLIPPED = {
  value: 0,
  why: l10n.t('ai-toolkit never clips gradients for `adafactor`, but does for `Adafactor`.'),
};
const REFUSED = { refused: l10n.t`ai-toolkit builds DAdaptLion with an eps, which DAdaptLion refuses.` };

/**
 * `train.optimizer` of ai-toolkit; its arguments are in `train.optimizer_params`.
 * @see https://github.com/ostris/ai-toolkit (toolkit/optimizer.py, 27a03a91)
 */
const NAMES: OptimizerNames = {
  adam: withEps({ row: 'adam' }),
  adamw: withEps({ row: 'adamw' }),
  adam8: { ...ADAM_8BIT, variants: [{ when: { decouple: false }, decays: true, is: { row: 'adam' } }] },
  ...allAre(ADAM_8BIT, 'adamw8 adam8bit'),
  adamw8bit: { ...ADAM_8BIT, defaults: { weightDecay: 0.01 } },
  ademamix8bit: withEps(narrow({ row: 'ademamix', defaults: { weightDecay: 0.01 } })),
  lion: LION,
  lion8bit: narrow(LION),
  adagrad: { row: 'adagrad', defaults: { eps: 1e-10 } },
  // The loop asks for the name as it is written (extensions_built_in/sd_trainer/SDTrainer.py).
  Adafactor: ADAFACTOR,
  adafactor: { ...ADAFACTOR, fixed: { maxGradNorm: UNCLIPPED } },
  prodigy: withEps(PRODIGY),
  prodigy8bit: withEps(narrow(PRODIGY)),
  // A rate below 0.1 is taken for 1.
  dadaptation: withEps({ ...DADAPT_ADAM, defaults: {} }),
  ...allAre(REFUSED, 'dadaptationadam dadaptationlion'),
  automagic: { row: 'automagic', ...EPS_OF_ADAFACTOR },
  automagic2: { row: 'automagic' },
  automagic3: { row: 'automagic3' },
  automagicexperiment: {
    unknown: l10n.t`it is automagic3 with another denominator, which LoRA Alpha has not measured.`,
  },
};

/**
 * Models whose LoRA has a scaling of alpha / rank. For all others ai-toolkit sets alpha to the rank
 * (toolkit/lora_special.py: is_flux, is_v3, is_lumina2, is_transformer; 27a03a91).
 */
const WITH_ALPHA = ['sd1', 'sd2', 'sdxl', 'ssd', 'vega', 'pixart', 'pixart_sigma', 'auraflow'];

/** Models that older configs name by a switch: `is_flux`. `is_v2` and `is_v3` are versions of Stable Diffusion. */
const SWITCHES = ['flux', 'v3', 'lumina2', 'v2', 'xl', 'ssd', 'vega', 'pixart', 'pixart_sigma', 'auraflow'];
const VERSIONS: Readonly<Record<string, string>> = { v2: 'sd2', v3: 'sd3', xl: 'sdxl' };

/** The model a process trains: `flux`, `sdxl`, `wan21`. What follows a colon is a tag of the interface's. */
function modelOf(process: MapNode): string {
  const [arch = ''] = wordAt(process, 'model.arch').split(':');
  const named = arch || (SWITCHES.find((name) => valueAt(process, `model.is_${name}`) === true) ?? 'sd1');
  return VERSIONS[named] ?? named;
}

/** Whether the model's LoRA always has a scaling of 1. */
const forcesAlpha = (process: MapNode): boolean => !WITH_ALPHA.includes(modelOf(process));

const typeOf = (process: MapNode): string => (wordAt(process, 'network.type') || 'lora').toLowerCase();

/** LyCORIS' adapter takes alpha for every model (toolkit/lycoris_special.py). */
const ignoresAlpha = (process: MapNode): boolean =>
  forcesAlpha(process) && !['locon', 'lycoris'].includes(typeOf(process));

/** Whether the process has an alpha that is ignored: its own, or the rank. */
function ignores(process: MapNode, isRank: boolean): boolean {
  const alpha = valueAt(process, 'network.linear_alpha') ?? valueAt(process, 'network.alpha');
  const rank = valueAt(process, 'network.rank') ?? valueAt(process, 'network.linear') ?? 4;
  return ignoresAlpha(process) && alpha !== undefined && (Number(alpha) === Number(rank)) === isRank;
}

const optimizer = (process: MapNode): string => wordAt(process, 'train.optimizer') || 'adamw';

const SAYS = {
  alpha: l10n.t`ai-toolkit ignores this alpha, which is not the rank: it sets alpha to the rank for transformer models, so the scaling is 1.`,
  sameAlpha: l10n.t`ai-toolkit ignores alpha: it sets alpha to the rank for transformer models, so the scaling is 1.`,
  rate: l10n.t`Automagic replaces a learning rate above 1e-3 by 1e-6, so the run does not train with the learning rate of the file.`,
  eps: l10n.t`ai-toolkit passes this optimizer an eps of 1e-6 itself. With an eps in optimizer_params it passes eps twice, and the run stops. Remove it.`,
};

/** Optimizers that get an eps besides optimizer_params (toolkit/optimizer.py). */
const WITH_EPS = /^(?:adamw?(?:8|8bit)?|ademamix8bit|prodigy\w*|dadaptation\w*)$/i;
const EPS = 'train.optimizer_params.eps';

const TRAPS: readonly Trap[] = [
  resumes('network.pretrained_lora_path'),
  on('network.linear_alpha', 'alpha-ignored', SAYS.alpha, {
    severity: 'warning',
    when: (process) => ignores(process, false),
    isRemovable: true,
  }),
  on('network.linear_alpha', 'alpha-ignored', SAYS.sameAlpha, { when: (process) => ignores(process, true) }),
  ...['train.unet_lr', 'train.text_encoder_lr', 'train.refiner_lr'].map((rate) =>
    on(rate, 'rate-overridden', l10n.t`${rate} is ignored: ai-toolkit trains every part of a LoRA with train.lr.`, {
      when: (process) => ![undefined, valueAt(process, 'train.lr')].includes(valueAt(process, rate)),
    }),
  ),
  on('train.lr', 'rate-overridden', SAYS.rate, {
    limits: 'approximate',
    when: (process) => /^automagic/i.test(optimizer(process)) && Number(valueAt(process, 'train.lr') ?? 0) > 1e-3,
  }),
  clipsAll('train.max_grad_norm', (process) => !/^(?:adafactor|automagic2)$/.test(optimizer(process))),
  stops(EPS, SAYS.eps, { when: (process) => WITH_EPS.test(optimizer(process)) && has(process, EPS) }),
];

/** Convolutions have their own alpha, which defaults to their rank. */
function networks(process: MapNode): readonly AdapterSources[] {
  if (!(Number(valueAt(process, 'network.conv') ?? 0) > 0)) return [];
  const alpha = field(key('network.conv_alpha', zeroIsRank), timesRank(1));
  return [{ name: 'conv', rank: field('network.conv'), alpha }];
}

const LINEAR_ALPHA = key('network.linear_alpha', zeroIsRank);
const ALPHA: Source = field(LINEAR_ALPHA, ({ root, rank }) =>
  (has(root, 'network.linear_alpha') || has(root, 'network.alpha')) && rank !== null
    ? { value: rank, why: l10n.t('An alpha of 0 or an empty alpha means the rank.') }
    : { value: 1 },
);

/** @see https://github.com/ostris/ai-toolkit (toolkit/config_modules.py, jobs/process/BaseSDTrainProcess.py, 27a03a91) */
const layout: Layout = {
  id: NAME,
  recognise: (process) => {
    if (!isMap(process, 'network') || !isMap(process, 'train')) return false;
    const type = typeOf(process);
    return !['lokr', 'lorm', 'fullrank', 'loha'].includes(type) || otherKind(type);
  },
  fields: {
    rank: field(['network.rank', 'network.linear'], 4),
    alpha: { ...ALPHA, keys: [LINEAR_ALPHA, key('network.alpha', zeroIsRank)], write: LINEAR_ALPHA },
    useDora: field(key('network.type', (type) => (String(type).toLowerCase() === 'dora' ? true : undefined))),
    learningRate: field('train.lr', 1e-6),
    optimizer: field('train.optimizer', 'adamw'),
    weightDecay: field('train.optimizer_params.weight_decay', fromRow('weightDecay')),
    eps: field(EPS, fromRow('eps')),
    betas: field('train.optimizer_params.betas', fromRow('betas')),
    maxGradNorm: field('train.max_grad_norm', 1),
    scheduler: field('train.lr_scheduler', 'constant'),
    warmup: field('train.lr_scheduler_params.num_warmup_steps'),
    dropout: field('network.dropout', 0),
    init: fixedAt('kaiming-uniform'),
    targetModules: field('network.network_kwargs.only_if_contains', ({ root }) => ({
      value: forcesAlpha(root) ? 'all-linear' : 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2',
      inWords: l10n.t("every linear layer of the model's transformer blocks"),
    })),
  },
  adapters: networks,
  // linear_alpha takes the place of alpha, a 0 and a null too (toolkit/config_modules.py: NetworkConfig).
  inFile: (root) =>
    has(root, 'network.linear_alpha') ? { ...layout, fields: { ...layout.fields, alpha: ALPHA } } : layout,
  alphaIsIgnored: (process) =>
    ignoresAlpha(process)
      ? l10n.t`${NAME} sets alpha to the rank for transformer models, and ${modelOf(process)} is one.`
      : null,
  optimizers: NAMES,
  argumentsAt: 'train.optimizer_params',
  argumentsAs: 'map',
  // toolkit/scheduler.py: get_lr_scheduler
  schedule: {
    schedules: { cosine: FLOOR, cosine_with_restarts: FLOOR, ...shares('constant linear constant_with_warmup') },
    at: 'train.lr_scheduler_params',
  },
  // lorm and lokr: other types of networks. Swapping trains a random part of the parameters at a time, whatever their units.
  // Not here: embedding, adapter and decorator, which train with it.
  known: {
    '': `guidance logging meta model performance_log_every save sample save slider training_folder trigger_word type`,
    network: `alpha transformer_only layer_offloading lokr_full_rank lokr_factor type conv conv_alpha`,
    'network.network_kwargs': 'ignore_if_contains rank_dropout module_dropout',
    train: `blank_prompt_* content_or_style* diff_output_preservation* start_step switch_boundary_every adapter_lr
          embedding_lr bypass_guidance_embedding cfg_* do_* force_* gradient_accumulation latent_* linear_timesteps*
          match_* noise_scheduler num_train_timesteps skip_first_sample standardize_* steps target_*
          train_text_encoder train_unet unload_text_encoder`,
  },
  traps: TRAPS,
  float16: float16('train.dtype', ['fp16', 'float16']),
  initCode: dividing(LORA_DOWN_UP, [
    '# In jobs/process/BaseSDTrainProcess.py, after self.network.apply_to(...).',
    '# A resumed run skips this: its factors are already rescaled.',
    'if self.get_latest_save_path() is None:',
    '    …self.network',
  ]),
};

function runs(root: MapNode): readonly Run[] {
  const processes = nodeAt(root, ['config', 'process']);
  if (processes?.kind !== 'list') return [];
  const name = valueAt(root, 'config.name');
  return processes.items.flatMap((process, i) => {
    const own = name === undefined ? l10n.t`process ${i + 1}` : `${String(name)} ${i + 1}`;
    return process.kind === 'map' ? [{ root: process, name: own }] : [];
  });
}

export const aiToolkit: Trainer = {
  id: 'ai-toolkit',
  name: NAME,
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\blinear(?:_alpha)?["']?\s*:|linear_alpha\W+\d+\)\s*[,\]]|\btype["']?\s*:\s*["']?(?:lora|dora|lierla|locon)\b/i,
  loaders: { yaml: 'yaml.SafeLoader with floats', json: 'json.load' },
  // From the environment, before anything else is read (toolkit/config.py).
  interpolates: true,
  runs,
  source: { repository: 'ostris/ai-toolkit', commit: '27a03a91f23e', date: '2026-08-21' },
  layouts: [layout],
};
