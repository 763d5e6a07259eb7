import type { Document } from './documents/document';
import { FieldReader } from './field-reader';
import { Findings } from './findings/findings';
import { fixesOf } from './findings/fixes';
import { findFurtherFlags, withFurtherFlags } from './findings/further-flags';
import { findImplied } from './findings/implied';
import type { Finding, ReadRecipe } from './reading';
import { nodeAt, type Lock, type MapNode } from './syntax/tree';
import { COMMAND_TRAPS } from './trainers/command-traps';
import type { Fields, Layout, Trainer, Trap } from './trainers/trainer';
import type { Context } from './values';

/** A run that was found in a document, and whose it is. */
export interface Found {
  document: Document;
  trainer: Trainer;
  layout: Layout;
  root: MapNode;
  /** Why nothing in it may be written to. */
  lock: Lock | null;
  /** What people call it, where there are several. */
  name?: string;
}

/** A network as its file writes it: the recipe, and the sources its values came from. */
export interface Network {
  recipe: ReadRecipe;
  fields: Fields;
}

/** A run, understood: everything that reading, planning and rewriting share. */
export interface Interpretation extends Omit<Found, 'name'> {
  /** Of its document. */
  text: string;
  networks: readonly Network[];
  /** The layout's traps, and those of the optimizer that the file names. */
  traps: readonly Trap[];
  findings: readonly Finding[];
  context: Context;
}

/**
 * Understand a run. Never throws: what cannot be used becomes a finding and leaves its recipe out.
 * @param name of the run, where its file holds several
 */
export function interpret(found: Found, name: string | null): Interpretation {
  const { document, trainer, layout, root, lock } = found;
  const findings = new Findings(document);
  const context: Context = { trainer, root, findings };
  const shared = new FieldReader(document, context, layout).shared();
  const { rank = { keys: [] }, alpha = { keys: [] } } = layout.fields;
  // A layout without either is about many runs at once: a sweep.
  const main = (layout.fields.rank ?? layout.fields.alpha) ? [{ name: 'lora', rank, alpha }] : [];
  const candidates = [...main, ...(layout.networks?.(root) ?? [])];
  const guess = layout.guess === undefined ? {} : { guess: layout.guess };
  const networks = candidates.flatMap(({ name: network, ...own }, i): Network[] => {
    const reader = new FieldReader(document, context, layout);
    const title = name === null ? network : i === 0 ? name : `${name}: ${network}`;
    const read = reader.network(title, own.rank, own.alpha, shared);
    if (!read || !shared.isGood) return [];
    const fields = { ...shared.fields, ...own };
    const recipe = { ...withFurtherFlags(root, read, fields), ...guess };
    return [{ recipe: name === null ? recipe : { ...recipe, run: name }, fields }];
  });
  const traps = [...COMMAND_TRAPS, ...layout.traps, ...shared.traps];
  const { text } = document;
  const file: Interpretation = { document, text, trainer, layout, root, lock, networks, traps, findings: [], context };
  for (const trap of traps) {
    if (!trap.severity || !trap.applies(root)) continue;
    const range = trap.at ? (nodeAt(root, trap.at.path)?.range ?? null) : null;
    findings.add(trap.severity, trap.code, trap.message, range, fixesOf(file, trap));
  }
  findImplied(file, findings);
  findFurtherFlags(file, findings);
  return { ...file, findings: findings.list };
}
