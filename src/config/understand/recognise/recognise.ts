import type { Document } from '../../documents/document';
import { interpolated } from './interpolated';
import { TRAINERS } from '../../trainers/all';
import { commandOf, type CommandLine } from '../../trainers/shared/command-line';
import { besideConfig } from '../../trainers/shared/config-file';
import type { Layout, Run, Trainer } from '../../trainers/trainer';
import { commandIn, type MapNode } from '../../syntax/tree';

/** Syntaxes of command lines. */
const SHELLS: ReadonlySet<string> = new Set(['shell', 'batch', 'powershell']);

/** See {@link Trainer.specificity}. */
export const specificityOf = ({ specificity = 2 }: Trainer): number => specificity;

/** The trainers that this text may belong to, judged without parsing; the most specific first. */
export function trainersHintedAt({ text, syntax }: Pick<Document, 'text' | 'syntax'>): readonly Trainer[] {
  return TRAINERS.filter(
    ({ syntaxes, hint, commandLine }) =>
      (syntaxes.includes(syntax) && hint.test(text)) || (SHELLS.has(syntax) && commandLine?.hint.test(text)),
  ).toSorted((one, other) => specificityOf(other) - specificityOf(one));
}

/** The programs of all trainers that have their own options. */
export function trainersPrograms(): ReadonlySet<string> {
  return new Set(TRAINERS.flatMap(({ programs = [] }) => programs));
}

/** A run with its trainer and layout. */
export interface RecognisedRun {
  trainer: Trainer;
  layout: Layout;
  run: Run;
}

export type Recognised = { runs: readonly RecognisedRun[] } | { not: string; trainer: Trainer } | null;

/** The runs of a tree and their trainer; or why the tree is another kind of adapter; null for neither. */
export function recognise(tree: MapNode, candidates: readonly Trainer[]): Recognised {
  const resolved = candidates.some(({ interpolates }) => interpolates) ? interpolated(tree) : tree;
  for (const trainer of candidates) {
    if (trainer.isGuess && isOfTrainer(tree)) continue;
    const own = asStarted(trainer.interpolates ? resolved : tree, trainer.commandLine);
    if (!own) continue;
    const runs = trainer.runs?.(own) ?? [{ root: own }];
    const answers = runs.map((run) => ({ run, answer: layoutOf(trainer, run.root) }));
    const known = answers.flatMap(({ run, answer }) =>
      answer && 'layout' in answer
        ? [{ trainer, run: complete(run, trainer, answer.layout), layout: answer.layout }]
        : [],
    );
    if (known.length > 0) return { runs: known };
    for (const { answer } of answers) if (answer && 'not' in answer) return { ...answer, trainer };
  }
  return null;
}

/** The tree as this trainer sees it; null for commands of other programs, and for a script's variables. */
function asStarted(tree: MapNode, line: CommandLine | undefined): MapNode | null {
  if (!commandIn(tree)) return line && tree.tag?.kind === 'variables' ? null : tree;
  if (!line?.program.test(commandOf(tree))) return null;
  return line.tree?.(tree) ?? tree;
}

/** Marks the values that no flag sets as those of the config file that the command names. */
function complete(run: Run, { commandLine }: Trainer, layout: Layout): Run {
  const { root } = run;
  const command = commandIn(root);
  const file = command && commandLine?.config?.(root);
  return file ? { ...run, root: besideConfig(root, command, layout, file) } : run;
}

function layoutOf({ layouts }: Trainer, root: MapNode): { layout: Layout } | { not: string } | null {
  for (const layout of layouts) {
    const answer = layout.recognise(root);
    if (answer === true) return { layout: layout.inFile?.(root) ?? layout };
    if (answer !== false) return answer;
  }
  return null;
}

/** Common names of scripts, which trainers use too. */
const COMMON_NAME = /(?:^|[ /\\])(?:train|finetune)\.py\b/;

/** Whether a command starts a program of a known trainer. If that trainer did not recognise it, it trains no LoRA. */
function isOfTrainer(tree: MapNode): boolean {
  if (!commandIn(tree)) return false;
  const command = commandOf(tree);
  if (TRAINERS.some(({ owns }) => owns?.test(command))) return true;
  if (COMMON_NAME.test(command)) return false;
  return TRAINERS.some(({ commandLine }) => {
    if (!commandLine?.program.test(command)) return false;
    const { isCommonName } = commandLine;
    return isCommonName !== true && !isCommonName?.(tree);
  });
}
