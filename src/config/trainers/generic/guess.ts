import * as l10n from '@vscode/l10n';
import { fieldNoun } from '../../../recipe/field-names';
import { listed } from '../../syntax/listed';
import { commandIn, type MapNode } from '../../syntax/tree';
import type { Trap } from '../shared/trap';
import { unread } from '../shared/unknown-keys';
import type { Layout } from '../trainer';
import { ALIASES, plainWord, type Alias } from './aliases';
import { blockOf, isCalled, type FileKey } from './block';

/** Blocks of the training. */
const TRAINING = /^(train(ing|er)?|optim(izer|ization)?|hyper_?param(eter)?s|fine_?tun(e|ing)|sft)(_(config|args))?$/;
/** Learning rates of other parts of the model, floors and peaks: `unet_lr`, `eta_min`. */
const FURTHER = /^(?!lora_)(\w+_(lr|learning_rate)|(eta|lr)_(min|max|end))=[\d.]*[1-9]/;
/** Settings that may train more than A and B, or start from trained factors. */
const TRAINS_MORE = /^((lora_)?(bias|modules_to_save)|resume\w*)=(?!(null|none|false|)$)|^task_type=.*cls/;

/** The parts of a layout that are this file's own: which key is which field. */
export function guessOf(root: MapNode): Partial<Layout> {
  const block = blockOf(root);
  if (!block) return {};
  const settings = block.settings.map((one) => {
    const above = one.path.slice(0, -1);
    const apart = above.findIndex((step, i) => step !== block.path[i]);
    // In the block, around it, or in a block of the training.
    const isNear = apart === -1 || above.slice(apart).every((step) => TRAINING.test(plainWord(step)));
    return { ...one, isNear, isIn: apart === -1 && above.length === block.path.length };
  });
  const all = Object.entries<Alias>(ALIASES).map(([field, alias]) => {
    const found = settings.filter((one) => (one.isIn || alias.at !== 'block') && isCalled(alias, one));
    return { ...alias, field, noun: fieldNoun(field), found, isTaken: found.length === 1 && found[0]?.isNear === true };
  });
  const taken = all.filter(({ isTaken }) => isTaken);
  const decisive = all.filter(({ at }) => at === 'plan');
  const absent = decisive.filter(({ found }) => found.length === 0);
  const further = settings.filter(({ word, text }) => FURTHER.test(`${word}=${text}`));
  const what = taken.map(({ found: [one], noun }) => l10n.t`${one?.label ?? ''} for ${noun}`).join(', ');
  const missing = absent.map(({ noun }) => noun).join(', ');
  const guess = [
    commandIn(root)
      ? l10n.t`No known trainer has this command, so LoRA Alpha guesses the flags by their names: ${what}.`
      : l10n.t`No known trainer reads this file, so LoRA Alpha guesses the keys by their names: ${what}.`,
    ...(missing ? [l10n.t`Not found: ${missing}. If your code sets them, change them there as the plan says.`] : []),
    l10n.t('Check this before you write.'),
  ].join(' ');
  return {
    fields: Object.fromEntries(taken.map(({ field, found }) => [field, { keys: found }])),
    guess,
    inScript: Object.fromEntries(
      absent.filter(({ value }) => value === 'number').map(({ field, names }) => [field, names[0]]),
    ),
    notUnderstood: () =>
      settings
        .filter(({ word, text }) => TRAINS_MORE.test(`${word}=${text}`))
        .map(({ entry }) => unread(entry, l10n.t('This may train more than A and B, or start from trained factors.'))),
    traps: [
      { code: 'guessed', severity: 'info', message: guess, applies: () => true, at: block.alpha },
      ...decisive.filter(({ isTaken }) => !isTaken).flatMap(({ found, noun }) => unsure(found, noun, true)),
      ...unsure(further, fieldNoun('learningRate'), false),
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
