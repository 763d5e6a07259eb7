import { BESIDE_CONFIG } from '../trainers/shared/command';
import { unknownKeys } from '../trainers/shared/known';
import { loaderOf } from '../trainers/trainer';
import { WEIGHTS_BESIDE } from '../trainers/peft/trained-adapter';
import { readAdapter, readShared } from './fields/field-reader';
import type { Context } from './fields/values';
import type { FileFacts, Run, Adapter } from './run';
import { furtherFlags, notUnderstoodIn, openIn, unclearKeys, unreadSchedule } from './not-understood';
import { Notes } from './notes';
import type { FoundRun } from './recognise/opened';

/**
 * Understand a run. Never throws: an unusable value becomes a finding, and its adapter gets no recipe.
 * @param name of the run, where its file holds several
 */
export function interpret(found: FoundRun, name: string | null, { hasWeights = false }: FileFacts): Run {
  const { document, trainer, layout, root, unread = [] } = found;
  const loader = loaderOf(trainer, document.syntax);
  const context: Context = { document, trainer, layout, loader, root, notes: new Notes() };
  const shared = readShared(context);
  const { rank = { keys: [] }, alpha = { keys: [] } } = layout.fields;
  // A layout without rank and alpha describes many runs: a sweep.
  const main = (layout.fields.rank ?? layout.fields.alpha) ? [{ name: 'lora', rank, alpha }] : [];
  const candidates = [...main, ...(layout.adapters?.(root) ?? [])];
  const about = {
    ...(layout.guess === undefined ? {} : { guess: layout.guess }),
    ...(name === null ? {} : { run: name }),
  };
  const adapters = candidates.flatMap(({ name: called, ...given }, i): Adapter[] => {
    const own = { ...given, alpha: { beside: given.rank.keys, ...given.alpha } };
    const title = name === null ? called : i === 0 ? name : `${name}: ${called}`;
    const recipe = readAdapter(context, { name: title, ...own }, shared);
    return recipe ? [{ recipe: { ...recipe, ...about }, fields: { ...shared.named.fields, ...own } }] : [];
  });
  const isSaved = layout.traps.some(({ code, applies }) => code === 'trained-adapter' && applies(root));
  const beside = hasWeights && !isSaved ? [WEIGHTS_BESIDE] : [];
  const all = [...beside, BESIDE_CONFIG, ...layout.traps, ...shared.named.traps];
  const [first] = adapters;
  return {
    ...{ document, text: document.text, trainer, layout, root, adapters, unread },
    traps: all.filter(({ code }) => code !== 'not-understood'),
    notes: context.notes.list,
    unreadParts: notUnderstoodIn(document, [
      ...unread.filter((use) => !use.leftOutBy),
      ...unknownKeys(root, layout.known ?? {}),
      ...(layout.unread?.(root) ?? []),
      ...unclearKeys(all, layout, root),
      ...shared.named.unread,
      ...furtherFlags(root),
    ]),
    openFields: first
      ? notUnderstoodIn(document, [
          ...openIn(root, layout, first.recipe),
          ...unreadSchedule(root, layout, first.recipe.scheduler),
        ])
      : [],
  };
}
