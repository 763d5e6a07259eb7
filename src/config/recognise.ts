import type { Document } from './documents/document';
import { TRAINERS } from './trainers/all';
import type { Layout, Run, Trainer } from './trainers/trainer';
import type { MapNode } from './syntax/tree';

/** The trainers this text may belong to, told apart before anything is parsed. */
export function trainersHintedAt({ text, syntax }: Pick<Document, 'text' | 'syntax'>): readonly Trainer[] {
  return TRAINERS.filter(({ syntaxes, hint }) => syntaxes.includes(syntax) && hint.test(text));
}

/** A run, and whose it is. */
export interface Known {
  trainer: Trainer;
  layout: Layout;
  run: Run;
}

export type Recognised = { runs: readonly Known[] } | { not: string; trainer: Trainer } | null;

/** The runs of the trainer that a tree belongs to, why it is another kind of adapter, or null. */
export function recognise(tree: MapNode, candidates: readonly Trainer[]): Recognised {
  for (const trainer of candidates) {
    const runs = trainer.runs?.(tree) ?? [{ root: tree }];
    const answers = runs.map((run) => ({ run, answer: layoutOf(trainer, run.root) }));
    const known = answers.flatMap(({ run, answer }) =>
      answer && 'layout' in answer ? [{ trainer, run, layout: answer.layout }] : [],
    );
    if (known.length > 0) return { runs: known };
    for (const { answer } of answers) if (answer && 'not' in answer) return { ...answer, trainer };
  }
  return null;
}

function layoutOf({ layouts }: Trainer, root: MapNode): { layout: Layout } | { not: string } | null {
  for (const layout of layouts) {
    const answer = layout.recognise(root);
    if (answer === true) return { layout };
    if (answer !== false) return answer;
  }
  return null;
}
