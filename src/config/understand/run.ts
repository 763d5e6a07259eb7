import { Notes, type Note } from './notes';
import type { NotUnderstood, ReadRecipe } from '../reading';
import type { Trap } from '../trainers/shared/trap';
import type { Fields } from '../trainers/shared/fields';
import type { FoundRun } from './recognise/opened';
import { BESIDE_CONFIG, LAUNCHED_IN_FLOAT16, LAUNCHED_WITH_DEEPSPEED } from '../trainers/shared/command';
import { loaderOf } from '../trainers/trainer';
import { WEIGHTS_BESIDE } from '../trainers/peft/trained-adapter';
import { readAdapter, readShared } from './fields/field-reader';
import { surroundingsIn } from './fields/surroundings';
import type { Context } from './fields/values';
import { unknownKeys } from './unknown-keys';
import { furtherFlags, notUnderstoodIn, openIn, unclearKeys, unreadSchedule } from './not-understood';
import { NO_CODE, ownCode, type OwnCode } from './own-code';

/** An adapter as its file writes it: the recipe, and the sources that its values came from. */
export interface Adapter {
  recipe: ReadRecipe;
  fields: Fields;
}

/** All that was not understood of a run. */
export const notUnderstoodOf = ({ unreadParts, openFields }: Run): NotUnderstood[] => [...unreadParts, ...openFields];

/** A run with everything that reading, planning and rewriting share. */
export interface Run extends Omit<FoundRun, 'name' | 'unread'> {
  adapters: readonly Adapter[];
  /** The traps of the layout and of the optimizer that the file names. */
  traps: readonly Trap[];
  notes: readonly Note[];
  /** Parts of the text that were not understood, with the `unread` of the run. Each is a finding of its own. */
  unreadParts: readonly NotUnderstood[];
  /** What the recipe leaves open: values outside this file, an optimizer that the file does not name. No findings. */
  openFields: readonly NotUnderstood[];
  own: OwnCode;
}

/** What lies beside a file: weights of a trained adapter, and the text of our own code that goes with it. */
export interface Beside {
  hasWeights?: boolean;
  code?: string | undefined;
}

/**
 * Understand a run. Never throws: an unusable value becomes a finding, and its adapter gets no recipe.
 * @param name of the run, where its file holds several
 */
export function interpret(found: FoundRun, name: string | null, { hasWeights, code }: Beside): Run {
  const { document, trainer, layout, root } = found;
  const loader = loaderOf(trainer, document.syntax);
  const context: Context = { document, trainer, layout, loader, root, notes: new Notes(), unread: [] };
  const shared = readShared(context);
  const { rank = { keys: [] }, alpha = { keys: [] } } = layout.fields;
  // A layout without rank and alpha describes many runs: a sweep.
  const main = (layout.fields.rank ?? layout.fields.alpha) ? [{ name: 'lora', rank, alpha }] : [];
  const candidates = [...main, ...(layout.adapters?.(root) ?? [])];
  const { guess } = layout;
  const around = surroundingsIn(root, trainer.id, layout.peft !== undefined);
  const about = { around, ...(guess === undefined ? {} : { guess }), ...(name === null ? {} : { run: name }) };
  const read = candidates.flatMap(({ name: called, ...given }, i): Adapter[] => {
    const own = { ...given, alpha: { beside: given.rank.keys, ...given.alpha } };
    const title = name === null ? called : i === 0 ? name : `${name}: ${called}`;
    const recipe = readAdapter(context, { name: title, ...own }, shared);
    return recipe ? [{ recipe: { ...recipe, ...about }, fields: { ...shared.named.fields, ...own } }] : [];
  });
  const own = read[0] ? ownCode(found, read[0].recipe, code) : { ...NO_CODE, unread: found.unread };
  const adapters = read.map(({ recipe, fields }) => ({ recipe: { ...recipe, ...own.recipe }, fields }));
  const isSaved = layout.traps.some(({ code, applies }) => code === 'trained-adapter' && applies(root));
  const beside = hasWeights && !isSaved ? [WEIGHTS_BESIDE] : [];
  const precision = layout.float16 ? [layout.float16, LAUNCHED_IN_FLOAT16] : [LAUNCHED_IN_FLOAT16];
  const all = [...beside, BESIDE_CONFIG, LAUNCHED_WITH_DEEPSPEED, ...layout.traps, ...precision, ...shared.named.traps];
  const open = adapters
    .slice(0, 1)
    .flatMap(({ recipe }) => [...openIn(root, layout, recipe), ...unreadSchedule(root, layout, recipe.scheduler)]);
  return {
    ...{ document, trainer, layout, root, adapters, own },
    traps: all.filter(({ code }) => code !== 'not-understood'),
    notes: context.notes.list,
    unreadParts: notUnderstoodIn(document, [
      ...own.unread,
      ...context.unread,
      ...unknownKeys(root, layout),
      ...(layout.unread?.(root) ?? []),
      ...unclearKeys(all, layout, root),
      ...shared.named.unread,
      ...furtherFlags(root),
    ]),
    openFields: notUnderstoodIn(document, open),
  };
}
