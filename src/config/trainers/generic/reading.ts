import type { Entry, MapNode } from '../../syntax/tree';
import { isFilled, unscaled } from '../peft/traps';
import type { Layout } from '../trainer';
import type { Trap } from '../shared/trap';
import type { Fields, Key, Network, Source } from '../shared/fields';
import { besideGuess } from './beside';
import type { Block } from './blocks';
import { ownEntries } from './entries';
import { betaPair, companionsOf, otherRates, type Companion, type Near } from './companions';
import { isNumber, isOptimizerBlock, isOtherAlpha, isTrainingBlock, plainWord } from './words';

/** What the numbers of one file were taken for: the parts of a layout that are this file's own. */
export type Guess = Pick<Layout, 'fields' | 'networks' | 'inScript' | 'guess' | 'traps' | 'notUnderstood'>;

/** Numbers that move with alpha, and what most scripts call them: to be looked for in the code where the file is silent. */
const MOVING = {
  learningRate: 'learning_rate',
  weightDecay: 'weight_decay',
  maxGradNorm: 'max_grad_norm',
  eps: 'adam_epsilon',
} as const;

/** What the blocks of one run mean, with what stands near the first of them. */
export function guessOf(root: MapNode, blocks: readonly Block[]): Guess | null {
  const [block] = blocks;
  if (!block) return null;
  const companions = companionsOf(root, block);
  const [apart, near] = parted(companions);
  const pair = betaPair(root, block);
  const taken = near.filter(({ found }) => found.length === 1);
  // Trainers take a warm-up in steps or as a share, whichever is set.
  const unsure = near.filter(({ wanted, found }) => found.length > 1 && wanted.field !== 'warmup');
  const missing = near.filter(({ found }) => found.length === 0);
  const fields: Fields = {
    ...Object.fromEntries(taken.map(({ wanted, found }) => [wanted.field, { keys: found.map(keyOf) }])),
    ...(pair ? { betas: { keys: pair.map(keyOf), otherwise: { value: [0.9, 0.999], why: 'The usual betas.' } } } : {}),
  };
  const isMissing = (field: string): boolean => missing.some(({ wanted }) => wanted.field === field);
  const guessed = guessedTrap(root, blocks, taken, pair, missing);
  return {
    fields,
    guess: guessed.message,
    networks: () => blocks.map((one) => networkOf(one, blocks.length > 1 ? labelOf(one) : 'lora')),
    notUnderstood: (tree) => besideGuess(tree, block),
    inScript: Object.fromEntries(Object.entries(MOVING).filter(([field]) => isMissing(field))),
    traps: [
      guessed,
      ...blocks.flatMap((one) => [unsureOf('the rank', one, one.ranks), unsureOf('alpha', one, one.alphas)].flat()),
      ...apart.map(({ wanted, found }) => apartTrap(wanted.title, found)),
      ...unsure.map(({ wanted, found }) => unsureTrap(wanted.title, found, wanted.field in MOVING)),
      ...blocks.flatMap((one) => otherAlphas(one)),
      ...ratesTrap(root, block, taken),
      ...blocks.flatMap(wholeModules),
    ],
  };
}

function guessedTrap(
  root: MapNode,
  blocks: readonly Block[],
  taken: readonly Companion[],
  pair: readonly Near[] | null,
  missing: readonly Companion[],
): Trap {
  const [first] = blocks;
  const own = blocks.flatMap((block) => [
    ...(block.ranks.length === 1 ? [`${labelOf(block, block.ranks[0])} for the rank`] : []),
    ...(block.alphas.length === 1 ? [`${labelOf(block, block.alphas[0])} for alpha`] : []),
  ]);
  const near = taken.map(({ wanted, found }) => `${found.map((one) => keyOf(one).label).join()} for ${wanted.title}`);
  const betas = pair ? [`${pair.map((one) => keyOf(one).label).join(' and ')} for the betas`] : [];
  const absent = missing.flatMap(({ wanted }) =>
    wanted.field in MOVING || wanted.field === 'optimizer' ? [wanted.title] : [],
  );
  const where = first && first.path.length > 0 ? ` They stand under ${labelOf(first)}, or near it.` : '';
  const not =
    absent.length > 0
      ? ` Not found: ${absent.join(', ')}; if your code sets them, they must move as the plan says.`
      : '';
  return {
    code: 'guessed',
    severity: 'info',
    message: `No trainer that is known here ${root.command ? 'has this command, so flags' : 'reads this file, so keys'} were taken for what they are called: ${[...own, ...near, ...betas].join(', ')}.${where}${not} Check this before anything is written.`,
    applies: () => true,
    ...(first ? { at: keyAt(first, first.alphas.at(-1)) } : {}),
  };
}

function unsureOf(title: string, block: Block, entries: readonly Entry[]): Trap[] {
  if (entries.length < 2) return [];
  return [
    unsureTrap(
      title,
      entries.map((entry) => ({ entry, path: [...block.path, entry.key] })),
      true,
    ),
  ];
}

/** Modules that train whole, beside the factors. */
function wholeModules(block: Block): Trap[] {
  const entries = ownEntries(block.map).filter(({ key }) => /^(lora_)?modules_to_save$/.test(plainWord(key)));
  return entries.map((entry): Trap => {
    const where = keyAt(block, entry);
    return { ...unscaled(where.label), applies: (root) => isFilled(root, where), at: where };
  });
}

/** A second LoRA beside the first, as `lora_text_encoder_alpha`, which shares its rate: the two can only move together. */
function otherAlphas(block: Block): Trap[] {
  const others = ownEntries(block.map).filter(
    (entry) => isOtherAlpha(plainWord(entry.key)) && isNumber(entry.value) && !block.alphas.includes(entry),
  );
  if (others.length === 0) return [];
  const keys = others.map((entry) => keyAt(block, entry));
  const labels = keys.map(({ label }) => label).join(' and ');
  const message = `${labels}: a further alpha of LoRA, which was not taken. Half a plan is not written: where it trains with the same rate, multiply it as alpha.`;
  return [unsure(message, keys[0], true)];
}

/** Numbers that move with the rate, in those that stand in another block than the rate, and all the rest. */
function parted(companions: readonly Companion[]): [apart: Companion[], near: Companion[]] {
  const rate = companions.find(({ wanted }) => wanted.field === 'learningRate')?.found ?? [];
  const around = rate[0]?.path.slice(0, -1);
  const isApart = ({ wanted, found }: Companion): boolean =>
    rate.length === 1 &&
    wanted.field in MOVING &&
    wanted.field !== 'learningRate' &&
    found.length > 0 &&
    !found.every(({ path }) => belongTogether(path.slice(0, -1), around ?? []));
  return [companions.filter(isApart), companions.filter((one) => !isApart(one))];
}

/** One block, a block around it, or one that is the optimizer's or the training's by its name. */
function belongTogether(own: readonly string[], around: readonly string[]): boolean {
  return (
    own.every((step, i) => step === around[i]) || own.some((step) => isOptimizerBlock(step) || isTrainingBlock(step))
  );
}

function apartTrap(title: string, found: readonly Near[]): Trap {
  const keys = found.map(keyOf);
  const message = `${keys.map(({ label }) => label).join(' and ')} stands in another block than the learning rate, so it was not taken for ${title}. Half a plan is not written: where it is of the same factors, move all numbers yourself.`;
  return unsure(message, keys[0], true);
}

/** @param moves whether plans move it: then half a plan must not be written */
function unsureTrap(title: string, found: readonly Near[], moves: boolean): Trap {
  const keys = found.map(keyOf);
  const message = `${keys.map(({ label }) => label).join(' and ')} could each be ${title}, so none was taken for it.${moves ? ' Half a plan is not written: make clear which one it is, or move all numbers yourself.' : ''}`;
  return unsure(message, keys[0], moves);
}

function unsure(message: string, at: Key | undefined, moves: boolean): Trap {
  return {
    code: 'guess-unsure',
    severity: 'warning',
    message,
    applies: () => true,
    ...(at ? { at } : {}),
    ...(moves ? { limits: 'approximate', blocksEdits: true } : {}),
  };
}

/** A block that stands for a run of its own: its rate trains the same LoRA at the same alpha. */
const OTHER_RUNS = /(?:^|,|\.)(?:profiles?|stages?|phases?|presets?|runs?|experiments?|variants?)[.[]/i;

/** Rates beside the one that was taken: of other parts of the model, or floors of the schedule. */
function ratesTrap(root: MapNode, block: Block, companions: readonly Companion[]): Trap[] {
  const taken = new Set(companions.flatMap(({ found }) => found.map(({ entry }) => entry)));
  const rates = otherRates(root, block, taken).map(keyOf);
  const labels = [...new Set(rates.map(({ label }) => label))];
  const isLr = companions.some(({ wanted }) => wanted.field === 'learningRate');
  if (!isLr || labels.length === 0) return [];
  return [
    {
      code: 'guess-other-rates',
      severity: 'warning',
      message: `${labels.join(', ')}: further rates, which are not rewritten here. Where they are of the same factors, or a floor of the schedule, multiply them as the learning rate.${OTHER_RUNS.test(labels.join()) ? ' Half a plan is not written.' : ''}`,
      applies: () => true,
      ...(rates[0] ? { at: rates[0] } : {}),
      limits: 'approximate',
      ...(OTHER_RUNS.test(labels.join()) ? { blocksEdits: true } : {}),
    },
  ];
}

function networkOf(block: Block, name: string): Network {
  return {
    name,
    rank: sourceOf(block, block.ranks),
    alpha: sourceOf(block, block.alphas),
  };
}

/** Of two that could be meant, none. */
function sourceOf(block: Block, entries: readonly Entry[]): Source {
  return { keys: entries.length === 1 ? [keyAt(block, entries[0])] : [] };
}

function keyAt({ path }: Pick<Block, 'path'>, entry: Entry | undefined): Key {
  const whole = entry ? [...path, entry.key] : path;
  return { path: whole, label: whole.join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]') };
}

/** `unet.targets[0].lora`, or with one of its entries; `lora` where the block is the file itself. */
export function labelOf(block: Pick<Block, 'path'>, entry?: Entry): string {
  return keyAt(block, entry).label || 'lora';
}

function keyOf({ path }: Near): Key {
  return keyAt({ path }, undefined);
}
