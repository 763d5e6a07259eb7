import * as l10n from '@vscode/l10n';
import type { Document } from '../../documents/document';
import { TRAINERS } from '../../trainers/all';
import { besideConfig, commandOf, type CommandLine } from '../../trainers/shared/command';
import { withNeighbours } from '../../trainers/shared/fields';
import type { Layout, Run, Trainer } from '../../trainers/trainer';
import { commandIn, nodeAt, withScalars, type MapNode, type ScalarNode, type SyntaxNode } from '../../syntax/tree';

export const specificityOf = ({ specificity = 2 }: Trainer): number => specificity;

/** The trainers that this text may belong to, judged without parsing; the most specific first. */
export function trainersHintedAt({ text, syntax }: Pick<Document, 'text' | 'syntax'>): readonly Trainer[] {
  return TRAINERS.filter(
    ({ syntaxes, hint, commandLine }) =>
      (syntaxes.includes(syntax) && hint.test(text)) || (/shell$/.test(syntax) && commandLine?.hint.test(text)),
  ).toSorted((one, other) => specificityOf(other) - specificityOf(one));
}

/** The programs of all trainers that have their own options. */
export const trainersPrograms = (): ReadonlySet<string> => new Set(TRAINERS.flatMap(({ programs = [] }) => programs));

/** The runs of a tree with their trainer and layout; or why it is no LoRA of that trainer. */
export type Recognised =
  { runs: readonly { trainer: Trainer; layout: Layout; run: Run }[] } | { not: string; trainer: Trainer } | null;

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
  return line?.program.test(commandOf(tree)) ? (line.tree?.(tree) ?? tree) : null;
}

/** Marks the values that no flag sets as those of the config file that the command names. */
function complete(run: Run, { commandLine }: Trainer, layout: Layout): Run {
  const { root } = run;
  const command = commandIn(root);
  const file = command && commandLine?.config?.(root);
  return file ? { ...run, root: besideConfig(root, command, layout.fields, file) } : run;
}

function layoutOf({ layouts }: Trainer, root: MapNode): { layout: Layout } | { not: string } | null {
  for (const layout of layouts) {
    const answer = layout.recognise(root);
    if (answer === true) {
      const own = layout.inFile?.(root, layout) ?? layout;
      return { layout: { ...own, fields: withNeighbours(own.fields) } };
    }
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

/** `${model.rank}`, with a path from the top of the file, as the whole value. */
const REFERENCE = /^\$\{[ \t]*([\w-]+(?:\.[\w-]+)*)[ \t]*\}$/;

const isExpression = (node: SyntaxNode): node is ScalarNode & { value: string } =>
  node.kind === 'scalar' && typeof node.value === 'string' && (node.value === '???' || node.value.includes('${'));

const hasExpression = (node: SyntaxNode): boolean => {
  if (node.kind === 'scalar') return isExpression(node);
  return node.kind === 'map' ? node.entries.some(({ value }) => hasExpression(value)) : node.items.some(hasExpression);
};

/**
 * A tree as OmegaConf reads it: a reference to a value of this file has that value, locked. Every other expression is
 * unresolved: a mandatory `???`, resolvers, texts with references, references to references and to whole maps.
 */
export function interpolated(root: MapNode): MapNode {
  const read = (node: ScalarNode): ScalarNode => (isExpression(node) ? expression(root, node) : node);
  return hasExpression(root) ? withScalars(root, read) : root;
}

function expression(root: MapNode, node: ScalarNode & { value: string }): ScalarNode {
  const path = REFERENCE.exec(node.value)?.[1] ?? '';
  const found = path === '' ? null : nodeAt(root, path.split('.'));
  if (found?.kind === 'scalar' && found.unresolved === undefined && !isExpression(found)) {
    const message = l10n.t`This value comes from ${path}. Change it there, or write a number here first.`;
    return { ...node, value: found.value, lock: { code: 'interpolated', message } };
  }
  const message =
    node.value === '???'
      ? l10n.t('The value has to be set when the run starts.')
      : l10n.t('LoRA Alpha follows only references such as ${model.rank}, to a value of this file.');
  return { ...node, value: null, unresolved: node.value, lock: { code: 'value-elsewhere', message } };
}
