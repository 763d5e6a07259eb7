import { FieldReader } from './field-reader';
import { Findings } from './findings';
import type { Finding, ReadRecipe } from './reading';
import { nodeAt, type Lock, type MapNode } from './syntax/tree';
import type { Fields, Key, Layout, Source, Trainer, Trap } from './trainers/trainer';
import type { Context } from './values';

/** A network as its file writes it: the recipe, and the sources its values came from. */
export interface Network {
  recipe: ReadRecipe;
  fields: Fields;
}

/** A file, understood: everything that reading, planning and rewriting share. */
export interface Interpretation {
  text: string;
  trainer: Trainer;
  layout: Layout;
  root: MapNode;
  /** Why nothing in this file may be written to. */
  lock: Lock | null;
  networks: readonly Network[];
  /** The layout's traps, and those of the optimizer that the file names. */
  traps: readonly Trap[];
  findings: readonly Finding[];
  context: Context;
}

/** Understand a parsed file of `layout`. Never throws: what cannot be used becomes a finding and leaves its recipe out. */
export function interpret(
  text: string,
  trainer: Trainer,
  layout: Layout,
  tree: MapNode,
  lock: Lock | null,
): Interpretation {
  const root = trainer.reshape ? trainer.reshape(tree) : tree;
  const findings = new Findings(text);
  const context: Context = { trainer, root, findings };
  const shared = new FieldReader(text, context, layout).shared();
  const { rank = { keys: [] }, alpha = { keys: [] } } = layout.fields;
  const candidates = [{ name: 'lora', rank, alpha }, ...(layout.networks?.(root) ?? [])];
  const networks = candidates.flatMap(({ name, ...own }): Network[] => {
    const reader = new FieldReader(text, context, layout);
    const recipe = reader.network(name, own.rank, own.alpha, shared);
    return recipe && shared.isGood ? [{ recipe, fields: { ...shared.fields, ...own } }] : [];
  });
  const traps = [...layout.traps, ...shared.traps];
  for (const trap of traps) {
    if (!trap.severity || !trap.applies(root)) continue;
    findings.add(trap.severity, trap.code, trap.message, trap.at ? (nodeAt(root, trap.at.path)?.range ?? null) : null);
  }
  return { text, trainer, layout, root, lock, networks, traps, findings: findings.list, context };
}

/** The key that a source would be written to. */
export function writeKey(source: Source): Key | null {
  return source.write ?? source.keys.at(-1) ?? null;
}
