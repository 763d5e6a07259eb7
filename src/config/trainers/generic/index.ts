import * as l10n from '@vscode/l10n';
import { fieldNoun } from '../../../recipe/field-names';
import { dividing, PEFT_LIBRARY, type Library } from '../../init-code/divide';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_CLASSES, TORCHAO_CLASSES } from '../../optimizers/torch';
import { isNoRule, withoutModules, type OptimizerNames, type OptimizerWord } from '../../optimizers/word';
import { listed } from '../../../recipe/listed';
import { commandIn, nodeAt, type MapNode } from '../../syntax/tree';
import { HF_NAMES } from '../hugging-face/optimizers';
import { unread } from '../shared/known';
import { HF_FLOAT16 } from '../hugging-face/fields';
import type { Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';
import { ALIASES, blockOf, FURTHER, isCalled, plainWord, type Alias, type FileKey } from './block';

/** Blocks of the training. */
const TRAINING =
  /^((rl|actor)_)?(train(ing|er)?|optim(iz[a-z]+)?|(hyper_?)?param\w*|fine_?tun(e|ing)|sft|(kw|init_)?args)(_(config|args))?$/;
/** Parts of a model, or of its training, whose only learning rate may not be that of LoRA. */
const OTHER_PART =
  /(^|_)(critic|reward|value|teacher|disc\w*|ref\w*|draft|vae|head|ema|embed\w*|merger|projector|vision)(_|$)/;
/** What may name the optimizer: `optimizer: [adamw, sgd]`, `optim: {algorithm: sgd}`. */
const NAMES_OPTIMIZER =
  /^(opt|optim(izer)?)=list$|^optim_(?!\w*(sched|lr|betas|decay|dtype|state|device|offload|group))\w+=(?!(true|false|null|none|map)$)[a-z]/;
/** Settings that may train more than A and B (DoRA's magnitudes too), or start from trained factors. */
const TRAINS_MORE =
  /^((lora_)?(bias|modules_to_save)|resume\w*|train_(embed\w*|lm_head)|unfreeze\w*|lora_weights)=(?!(null|none|false|0|)$)|^task_type=.*cls|^(?=\w*(adapter|peft|lora))\w+=dora$/;

/** The parts of a layout that are this file's own: which key is which field. */
function guessOf(root: MapNode): Partial<Layout> {
  const block = blockOf(root);
  if (!block) return {};
  const { path = [] } = block.rate ?? {};
  const home = path.some((step) => OTHER_PART.test(plainWord(step))) ? null : path.slice(0, -1).join('.');
  const settings = block.settings.map((one) => {
    const above = one.path.slice(0, -1);
    const apart = above.findIndex((step, i) => step !== block.path[i]);
    const isIn = above.join('.') === block.path.join('.');
    // In the block, around it, beside the only rate, or in a block of the training.
    const isOfTraining = (step: string): boolean => TRAINING.test(plainWord(step));
    const isNear = isIn || apart === -1 || above.join('.') === home || above.slice(apart).every(isOfTraining);
    // Of `--optim=sgd --optim.lr=1`, one flag hides the other.
    const isSeen = nodeAt(root, one.path) === one.entry.value;
    return { ...one, isNear: isNear && isSeen, isIn };
  });
  const all = (Object.entries(ALIASES) as [keyof typeof ALIASES, Alias][]).map(([field, alias]) => {
    const found = settings.filter((one) => (one.isIn || alias.at !== 'block') && isCalled(alias, one));
    // `lr: ${learning_rate}` is the same number.
    const isCopy = ({ entry: { value } }: FileKey): boolean =>
      value.kind === 'scalar' &&
      value.lock?.code === 'interpolated' &&
      found.some(({ label }) => value.raw.includes(label));
    const own = found.filter((one) => !isCopy(one));
    return {
      ...alias,
      field,
      noun: fieldNoun(field),
      found,
      own,
      isTaken: own.length === 1 && own[0]?.isNear === true,
    };
  });
  const taken = all.filter(({ isTaken }) => isTaken);
  const decisive = all.filter(({ at }) => at === 'plan');
  const absent = decisive.filter(({ found }) => found.length === 0);
  const others = settings.filter((one) => !all.some(({ found }) => found.includes(one)));
  const matching = (pattern: RegExp): typeof settings =>
    others.filter(({ word, named, text }) => [word, named].some((name) => pattern.test(`${name}=${text}`)));
  const numbers = absent.filter(({ value }) => value === 'number');
  const what = taken.map(({ own: [one], noun }) => l10n.t`${one?.label ?? ''} for ${noun}`).join(', ');
  const missing = absent.map(({ noun }) => noun).join(', ');
  const guess = [
    commandIn(root)
      ? l10n.t`No known trainer has this command, so LoRA Alpha guesses the flags by their names: ${what}.`
      : l10n.t`No known trainer reads this file, so LoRA Alpha guesses the keys by their names: ${what}.`,
    ...(missing ? [l10n.t`Not found: ${missing}. If your code sets them, change them there as the plan says.`] : []),
    l10n.t('Check this before you write.'),
  ].join(' ');
  return {
    fields: Object.fromEntries(taken.map(({ field, own }) => [field, { keys: own }])),
    guess,
    inScript: Object.fromEntries(numbers.map(({ field, names }) => [field, names[0]])),
    unread: () =>
      matching(TRAINS_MORE).map(({ entry }) =>
        unread(entry, l10n.t('This may train more than A and B, or start from trained factors.')),
      ),
    traps: [
      { code: 'guessed', severity: 'info', message: guess, applies: () => true, at: block.alpha },
      ...decisive.filter(({ isTaken }) => !isTaken).flatMap(({ found, noun }) => unsure(found, noun, true)),
      ...unsure(matching(NAMES_OPTIMIZER), fieldNoun('optimizer'), true),
      ...unsure(matching(FURTHER), fieldNoun('learningRate'), !taken.some(({ field }) => field === 'learningRate')),
    ],
  };
}

/** @param blocksEdits whether one of the keys may have to move: then half a plan must not be written */
function unsure(found: readonly FileKey[], noun: string, blocksEdits: boolean): Trap[] {
  const labels = listed(found.map(({ label }) => label));
  const message = l10n.t`${labels} may be ${noun} of these factors or of others. LoRA Alpha neither reads nor writes an unclear key: make clear which one is meant, or change the number yourself.`;
  const trap = { code: 'guess-unsure', severity: 'warning', message, limits: 'approximate', blocksEdits } as const;
  return found.slice(0, 1).map((at) => ({ ...trap, at, applies: () => true }));
}

const CLASSES: OptimizerNames = { ...BNB_CLASSES, ...TORCHAO_CLASSES, ...TORCH_CLASSES };

/** Optimizer names with an obvious meaning. Defaults of the class are left out, because the code may pass anything. */
const GENERIC_NAMES: OptimizerNames = Object.fromEntries(
  Object.entries({ ...HF_NAMES, ...withoutModules(CLASSES), ...CLASSES }).map(([name, word]) => [name, ruleOf(word)]),
);

function ruleOf(word: OptimizerWord): OptimizerWord {
  if (isNoRule(word)) return word;
  const { row, options, quantized } = word;
  return { row, ...(options && { options }), ...(quantized && { quantized }) };
}

/**
 * The library of home-made code: most of it has PEFT's names, some without adapters.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py
 */
export const UNKNOWN_LIBRARY: Library = { A: PEFT_LIBRARY.A, B: PEFT_LIBRARY.B };

/** A block with a rank and an alpha that can only be LoRA's, and settings near it with common names. */
const layout: Layout = {
  id: 'generic',
  recognise: (root) => blockOf(root) !== null,
  inFile: (root) => ({ ...layout, ...guessOf(root) }),
  fields: {},
  optimizers: GENERIC_NAMES,
  traps: [],
  float16: HF_FLOAT16,
  initCode: dividing(UNKNOWN_LIBRARY, [
    '# After your code has made the LoRA layers, before the optimizer. The names are those of PEFT: replace them by yours.',
  ]),
};

export const generic: Trainer = {
  id: 'generic',
  specificity: 0,
  name: l10n.t('a home-made config'),
  syntaxes: ['yaml', 'json', 'toml'],
  // Beside the word that every text here has: mayHoldLora.
  hint: /alpha/i,
  textNumbers: 'converts',
  interpolates: true,
  isGuess: true,
  commandLine: {
    isCommonName: true,
    program: /\.py\b|(?:^| )(?:autotrain|\w+(?:\.\w+)+)(?: |$)/,
    hint: /\blora(?:_\w{1,9})?[._-]?alpha\b/i,
  },
  layouts: [layout],
};
