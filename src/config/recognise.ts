import type { SyntaxId } from './reading';
import { TRAINERS } from './trainers/all';
import type { Layout, Trainer } from './trainers/trainer';
import type { MapNode } from './syntax/tree';

/** The trainers this text may belong to, told apart before anything is parsed. */
export function trainersHintedAt(text: string, syntax: SyntaxId): readonly Trainer[] {
  return TRAINERS.filter(({ syntaxes, hint }) => syntaxes.includes(syntax) && hint.test(text));
}

export type Recognised = { trainer: Trainer; layout: Layout } | { not: string; trainer: Trainer } | null;

/** The trainer and layout a tree belongs to, why it is another kind of adapter, or null. */
export function recognise(tree: MapNode, candidates: readonly Trainer[]): Recognised {
  for (const trainer of candidates) {
    const root = trainer.reshape ? trainer.reshape(tree) : tree;
    for (const layout of trainer.layouts) {
      const answer = layout.recognise(root);
      if (answer === true) return { trainer, layout };
      if (answer !== false) return { ...answer, trainer };
    }
  }
  return null;
}
