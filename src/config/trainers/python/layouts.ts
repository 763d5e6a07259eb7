import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import type { CodePlace } from '../../init-code/groups';
import type { Unread } from '../../reading';
import { callIn, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { HF_ARGUMENTS, HF_FIELDS, HF_NO_DECAY, HF_OPTIMIZER, HF_RATES, HF_SCHEDULE } from '../hugging-face/fields';
import { clipOf, HF_FLOAT16, HF_PEFT, OLD_ARGUMENTS } from '../hugging-face/fields';
import { HF_NAMES } from '../hugging-face/optimizers';
import { patternNetworks, PEFT_IN_SCRIPT, PEFT_LORAPLUS, PEFT_LORAPLUS_NO_DECAY } from '../peft/lora-config';
import { classNumbers, field, fromRow, key, keys, valueAt, wordAt } from '../shared/fields';
import type { Default, Fields, Key, ReadSoFar } from '../shared/fields';
import { fieldsUnder, keyUnder, mapAt, trapUnder } from '../shared/prefixed';
import { float16Weights, halfWeights, on, resumes, stops, unclear, type Trap } from '../shared/trap';
import type { Layout, PeftKeys } from '../trainer';
import { unreadKeywords } from './keywords';
import { SCRIPT_NAMES } from './optimizers';
import { SCRIPT_SCHEDULES } from './schedules';
import { calleeIs, TAKES_CONFIG } from './tree';

/** What the scripts of a library have of their own; the rest is Hugging Face's Trainer, or torch. */
interface ScriptKind {
  id: string;
  /** Whether a run is of this library. */
  recognise: (root: MapNode) => boolean;
  /** The fields of the call that makes LoRA, under `lora`. */
  lora: Fields;
  /** The default learning rate of the training arguments. */
  rate: (known: ReadSoFar) => Default | null;
  /** What it makes of the training arguments beside that. */
  training?: Fields;
  /** LoRA+ by a key of the training arguments. */
  loraplus?: Layout['loraplus'];
  traps: readonly Trap[];
  /** What is special about the call, which is PEFT's LoraConfig or passes its arguments on to it. */
  peft?: Partial<Pick<PeftKeys, 'ignored' | 'models' | 'others' | 'hasOtherTargets'>>;
  /** What of the call that makes LoRA is not understood. */
  unread: (lora: MapNode) => readonly Unread[];
  /** The place in the script where the factors A and B exist. */
  made: CodePlace;
  float16?: Trap;
}

/** Where Hugging Face's Trainer, or one of TRL's, makes the optimizer. With `peft_config` it also makes the adapter. */
export const AFTER_TRAINER: CodePlace = {
  where: ['# After trainer = Trainer(...), of whatever class, and before trainer.train():'],
  model: 'trainer.model',
  optimizer: 'trainer.create_optimizer()',
};

/** Where neither is in sight. */
export const AFTER_EITHER: CodePlace = {
  where: [
    '# After your optimizer is made, and before a learning rate scheduler is. With a Trainer: after it is made, before',
    '# trainer.train(), with model = trainer.model and optimizer = trainer.create_optimizer():',
  ],
};

/** Where a script may make the adapter, or leave that to a Trainer. */
export const AFTER_ADAPTER: CodePlace = {
  where: [
    '# After model = get_peft_model(model, config), and before the optimizer is made. A Trainer that is given',
    '# peft_config makes the adapter itself: then after the Trainer is made, with model = trainer.model:',
  ],
};

/** The division of the fresh factors, at a place. */
export function divisionAt({ where, model }: CodePlace): Layout['initCode'] {
  return dividing(PEFT_LIBRARY, [...where, ...(model === undefined ? [] : [`model = ${model}`])]);
}

const inPart = (part: string, ...names: string[]): Key[] => names.map((name) => keyUnder(part, key(name)));

/** Neighbours of the weight decay, and of the arguments of a class alone, best first. */
const BESIDE_DECAY = inPart('optimizer', 'weight_decay', 'lr', 'eps', 'betas', 'loraplus_lr_ratio');

const SAYS = {
  copied: l10n.t`This trainer may copy the adapter before the printed code divides its init.`,
  frozen: l10n.t`With inference_mode, PEFT freezes A and B, and training stops.`,
  own: l10n.t`autocast_adapter_dtype=False keeps A and B in the model's own precision. In 16 bits, dividing the init by anything but a power of two is rounded.`,
  resumes: l10n.t`This run continues from a checkpoint if it finds one, and the checkpoint belongs to the alpha it was trained at. After changing alpha, start with an empty output folder.`,
};

/** The name that the call gives the adapter which makes it; `default` where it names none, as a Trainer never does. */
function adapterIn(root: MapNode): string | undefined {
  const places = calleeIs(mapAt(root, 'taker'), TAKES_CONFIG) ? ['adapter_name', '0', '1', '2'] : [];
  return places.map((name) => scalarAt(root, ['taker', name])).find((name) => typeof name === 'string');
}

/** `trainer.train(resume_from_checkpoint=last_checkpoint)`: None if there is no checkpoint. */
const MAY_RESUME = on('train.resume_from_checkpoint', 'run-resumes', SAYS.resumes, {
  when: (root) => {
    const node = nodeAt(root, ['train', 'resume_from_checkpoint']);
    return node?.kind === 'scalar' && node.unresolved !== undefined;
  },
});

/** Whether A and B keep the dtype of the model, which is float16 or not in this text. */
function keepsFloat16(root: MapNode): boolean {
  const node = nodeAt(root, ['base', 'dtype']) ?? nodeAt(root, ['base', 'torch_dtype']);
  const isOther = node?.kind === 'scalar' && /bfloat16|float32/.test(`${node.raw} ${node.unresolved}`);
  return valueAt(root, 'taker.autocast_adapter_dtype') === false && !isOther;
}

/**
 * A trainer that keeps a frozen copy of the adapter it is given, as its reference. Where B starts at zero, so does the copy.
 * @see https://github.com/huggingface/trl (trl/trainer/dpo_trainer.py: add_adapter("ref"), v1.16.0)
 */
const COPIED = unclear('lora.init_lora_weights', SAYS.copied, {
  when: (root) =>
    /(?:DPO|KTO|BCO|GRPO|GMPO|RLOO|NashMD|XPO|PPO)\w*Trainer$/.test(wordAt(root, 'trainer')) &&
    !/^(?:true|gaussian)?$/.test(wordAt(root, 'lora.init_lora_weights')) &&
    !calleeIs(mapAt(root, 'taker'), /Trainer$/),
});

/** The arguments of LoraConfig stand in the call; an optimizer that the script makes has one group for all parameters. */
const peftKeys = (noDecay: PeftKeys['noDecay'], { others = [], ...own }: ScriptKind['peft'] = {}): PeftKeys => ({
  ...HF_PEFT,
  call: 'lora',
  fields: {},
  models: [{ path: ['base', '0'], label: 'from_pretrained' }],
  noDecay,
  ...own,
  others: [key('optim_target_modules'), ...others],
});

/**
 * The layouts of a library's training scripts. They differ in where the optimizer comes from: the script makes it,
 * Hugging Face's training arguments name it, or this file does not say. The runs come from `scriptRuns`.
 * @see https://github.com/huggingface/transformers (src/transformers/training_args.py)
 * @see https://github.com/huggingface/peft (src/peft/optimizers/loraplus.py)
 */
export function scriptLayouts(kind: ScriptKind): Layout[] {
  const { id, recognise, lora, rate, training, loraplus, made, peft, unread } = kind;
  const resuming = trapUnder('train', resumes('resume_from_checkpoint'));
  const uncast = halfWeights('taker.autocast_adapter_dtype', [false], SAYS.own);
  const inFloat16 = float16Weights('taker.autocast_adapter_dtype', keepsFloat16);
  const frozen = trapUnder('lora', stops('inference_mode', SAYS.frozen, { when: 'on' }));
  const traps = [...kind.traps, resuming, MAY_RESUME, uncast, inFloat16, COPIED, frozen];
  const isOf = (root: MapNode, part: string): boolean => recognise(root) && nodeAt(root, [part]) !== null;
  const shared = {
    optimizers: SCRIPT_NAMES,
    // A schedule that the script makes stands where that of the training arguments would.
    schedule: { ...HF_SCHEDULE, schedules: SCRIPT_SCHEDULES },
    unread: (root: MapNode) => [...unreadKeywords(root), ...unread(mapAt(root, 'lora'))],
    traps,
    float16: kind.float16 ?? HF_FLOAT16,
    initCode: divisionAt(made),
    loraBias: keyUnder('lora', key('lora_bias')),
    adapter: adapterIn,
    adapters: (root: MapNode) => patternNetworks(root, 'lora.', lora),
  };
  return [
    {
      ...shared,
      id: `${id}-loraplus`,
      recognise: (root) => recognise(root) && calleeIs(mapAt(root, 'optimizer'), /create_loraplus_optimizer$/),
      peft: peftKeys(PEFT_LORAPLUS_NO_DECAY, peft),
      fields: { ...lora, ...OPTIMIZER_FIELDS, ...LORAPLUS_FIELDS },
      argumentsAt: 'optimizer',
      linked: { learningRate: inPart('optimizer', 'loraplus_lr_embedding') },
      loraplus: { ...PEFT_LORAPLUS, dropsDecay: false },
    },
    {
      ...shared,
      id: `${id}-optimizer`,
      recognise: (root) => isOf(root, 'optimizer'),
      peft: peftKeys(null, peft),
      fields: { ...lora, ...OPTIMIZER_FIELDS },
      argumentsAt: 'optimizer',
      groups: { where: ['# After your optimizer is made, and before a learning rate scheduler is:'] },
    },
    {
      ...shared,
      id: `${id}-trainer`,
      recognise: (root) => recognise(root) && callIn(root) !== null,
      // What the command line gives
      inFile: (root, own) => (callIn(root)?.isParsed ? { ...own, inScript: unset(root) } : own),
      peft: peftKeys(HF_NO_DECAY, peft),
      fields: { ...lora, ...TRAINER_FIELDS, learningRate: { ...LEARNING_RATE, default: rate }, ...training },
      traps: [...traps, OLD_ARGUMENTS],
      optimizers: HF_NAMES,
      argumentsAt: HF_ARGUMENTS,
      argumentsAs: 'text',
      linked: HF_RATES,
      ...(loraplus ? { loraplus } : {}),
      groups: AFTER_TRAINER,
      initCode: divisionAt(AFTER_TRAINER),
    },
    {
      ...shared,
      id: `${id}-alone`,
      recognise,
      fields: lora,
      optimizers: {},
      inScript: PEFT_IN_SCRIPT,
      groups: AFTER_EITHER,
    },
  ];
}

const unset = (root: MapNode): NonNullable<Layout['inScript']> =>
  Object.fromEntries(Object.entries(PEFT_IN_SCRIPT).filter(([, name]) => nodeAt(root, [name]) === null));

const LEARNING_RATE = {
  keys: [key('learning_rate')],
  beside: keys('weight_decay lr_scheduler_type num_train_epochs max_steps output_dir'),
};

/** Hugging Face's training arguments, as a script gives them. */
export const TRAINER_FIELDS = {
  ...HF_FIELDS,
  learningRate: LEARNING_RATE,
  optimizer: { keys: [key('optim')], default: HF_OPTIMIZER },
} satisfies Fields;

const OPTIMIZER_FIELDS = {
  ...fieldsUnder('optimizer', classNumbers()),
  weightDecay: { keys: inPart('optimizer', 'weight_decay'), default: fromRow('weightDecay'), beside: BESIDE_DECAY },
  optimizer: { keys: inPart('optimizer', 'class') },
  learningRate: {
    // Positional arguments keep their place: `AdamW(parameters, 1e-3)`.
    keys: [...inPart('optimizer', 'lr'), { path: ['optimizer', '1'], label: 'lr' }],
    write: keyUnder('optimizer', key('lr')),
    default: ({ row, optimizer }) => row && { value: row.defaults.learningRate, who: optimizer ?? row.title },
  },
  maxGradNorm: {
    keys: [key('max_grad_norm'), ...inPart('clip', 'max_norm'), { path: ['clip', '1'], label: 'max_norm' }],
    write: key('max_grad_norm'),
    default: (known) => {
      const { root } = known;
      if (callIn(root)) return clipOf(known);
      return ['clip', 'trainer'].some((at) => nodeAt(root, [at]))
        ? null
        : { value: 0, why: l10n.t('The script does not clip the gradient.') };
    },
    beside: keys('learning_rate weight_decay output_dir'),
  },
  maxGradValue: { keys: [...inPart('clip_value', 'clip_value'), { path: ['clip_value', '1'], label: 'clip_value' }] },
  scheduler: field('lr_scheduler_type'),
  warmup: field(['warmup_steps', 'warmup_ratio']),
} satisfies Fields;

/** The function has its own name for the weight decay, and its default is 0. */
const LORAPLUS_FIELDS = {
  learningRate: { keys: inPart('optimizer', 'lr') },
  loraplusLrRatio: { keys: inPart('optimizer', 'loraplus_lr_ratio') },
  weightDecay: {
    keys: inPart('optimizer', 'loraplus_weight_decay'),
    default: { value: 0, who: l10n.t("PEFT's LoRA+") },
    hasOwnDefault: true,
    beside: BESIDE_DECAY,
  },
} satisfies Fields;
