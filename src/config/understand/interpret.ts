import { FieldReader } from './fields/field-reader';
import { furtherFlags, withFurtherFlags } from './further-flags';
import { Notes } from './notes';
import { notUnderstoodIn, openIn } from './not-understood';
import { unreadSchedule } from './unread-schedule';
import { COMMAND_TRAPS } from '../trainers/shared/command-traps';
import { loaderOf } from '../trainers/loader-of';
import { WEIGHTS_BESIDE } from '../trainers/peft/trained-adapter';
import type { Context } from './fields/values';
import type { FileFacts, Interpretation, Network } from './interpretation';
import type { FoundRun } from './recognise/opened';

/**
 * Understand a run. Never throws: an unusable value becomes a finding, and its adapter gets no recipe.
 * @param name of the run, where its file holds several
 */
export function interpret(found: FoundRun, name: string | null, { hasWeights = false }: FileFacts): Interpretation {
  const { document, trainer, layout, root, lock, unread = [] } = found;
  const context: Context = { trainer, loader: loaderOf(trainer, document.syntax), root, notes: new Notes() };
  const common = new FieldReader(document, context, layout).shared();
  const { rank = { keys: [] }, alpha = { keys: [] } } = layout.fields;
  // A layout without rank and alpha describes many runs: a sweep.
  const main = (layout.fields.rank ?? layout.fields.alpha) ? [{ name: 'lora', rank, alpha }] : [];
  const candidates = [...main, ...(layout.networks?.(root) ?? [])];
  const guess = layout.guess === undefined ? {} : { guess: layout.guess };
  const networks = candidates.flatMap(({ name: called, ...own }, i): Network[] => {
    const reader = new FieldReader(document, context, layout);
    const title = name === null ? called : i === 0 ? name : `${name}: ${called}`;
    const network = reader.network(title, own.rank, own.alpha, common);
    if (!network || !common.isGood) return [];
    const fields = { ...common.fields, ...own };
    const recipe = { ...withFurtherFlags(root, network, fields), ...guess };
    return [{ recipe: name === null ? recipe : { ...recipe, run: name }, fields }];
  });
  const isSaved = layout.traps.some(({ code, applies }) => code === 'trained-adapter' && applies(root));
  const traps = [
    ...(hasWeights && !isSaved ? [WEIGHTS_BESIDE] : []),
    ...COMMAND_TRAPS,
    ...layout.traps,
    ...common.traps,
  ];
  const { text } = document;
  const unreadParts = notUnderstoodIn(document, [
    ...unread.filter((use) => !use.leftOutBy),
    ...(layout.notUnderstood?.(root) ?? []),
    ...common.unread,
    ...furtherFlags(root),
  ]);
  const [first] = networks;
  const openFields = first
    ? notUnderstoodIn(document, [
        ...openIn(context, layout, first.recipe),
        ...unreadSchedule(context, layout, first.recipe.scheduler),
      ])
    : [];
  // What plans note later is no finding of the file.
  const notes = [...context.notes.list];
  return {
    document,
    text,
    trainer,
    layout,
    root,
    lock,
    networks,
    traps,
    notes,
    unread,
    unreadParts,
    openFields,
    context,
  };
}
