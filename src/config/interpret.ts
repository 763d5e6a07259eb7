import { FieldReader } from './field-reader';
import { Findings } from './findings/findings';
import { fixesOf } from './findings/fixes';
import { findPassed, furtherFlags, withFurtherFlags } from './findings/further-flags';
import { findImplied } from './findings/implied';
import { findLeftOut } from './findings/left-out';
import { notUnderstoodIn, openIn } from './not-understood';
import { unreadSchedule } from './schedule-limits';
import type { Finding, NotUnderstood } from './reading';
import { nodeAt } from './syntax/tree';
import { COMMAND_TRAPS } from './trainers/shared/command-traps';
import { WEIGHTS_BESIDE } from './trainers/peft/trained-adapter';
import type { Context } from './values';
import type { FileFacts, Found, Interpretation, Network } from './interpretation';

/**
 * Understand a run. Never throws: what cannot be used becomes a finding and leaves its recipe out.
 * @param name of the run, where its file holds several
 */
export function interpret(found: Found, name: string | null, { hasWeights = false }: FileFacts): Interpretation {
  const { document, trainer, layout, root, lock, unread = [] } = found;
  const findings = new Findings(document);
  const context: Context = { trainer, root, findings };
  const common = new FieldReader(document, context, layout).shared();
  const { rank = { keys: [] }, alpha = { keys: [] } } = layout.fields;
  // A layout without either is about many runs at once: a sweep.
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
  const unknown = notUnderstoodIn(document, [
    ...unread.filter((use) => !use.leftOutBy),
    ...(layout.notUnderstood?.(root) ?? []),
    ...common.unread,
    ...furtherFlags(root),
  ]);
  const [first] = networks;
  const open = first
    ? notUnderstoodIn(document, [
        ...openIn(context, layout, first.recipe),
        ...unreadSchedule(context, layout, first.recipe.scheduler),
      ])
    : [];
  const notUnderstood = [...unknown, ...open];
  const shared = { document, text, trainer, layout, root, lock, networks, traps, notUnderstood, context };
  const file: Interpretation = { ...shared, findings: [] };
  for (const trap of traps) {
    if (!trap.severity || !trap.applies(root)) continue;
    const range = trap.at ? (nodeAt(root, trap.at.path)?.range ?? null) : null;
    findings.add(trap.severity, trap.code, trap.message, range, fixesOf(file, trap));
  }
  findLeftOut(document, unread, findings);
  findPassed(root, findings);
  findImplied(file, findings);
  return { ...file, findings: [...findings.list, ...unknown.map(asFinding)] };
}

/** The same in the list of what is said of the file, so that the editor marks its line. */
function asFinding({ line, inCell, range, source, why }: NotUnderstood): Finding {
  const message = `Not understood: \`${source}\`. ${why}`;
  return { code: 'not-understood', severity: 'info', message, line, ...(inCell && { inCell }), range };
}
