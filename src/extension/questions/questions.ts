import * as l10n from '@vscode/l10n';
import { adapterDiffers, type AdapterNumbers } from '../../config/compare/adapter-differs';
import { configRecipe } from '../../config/plan/as-trained';
import { planConfig } from '../../config/planned';
import { rankConfig } from '../../config/ranked';
import { runOfRecipe, type ConfigReading } from '../../config/read';
import type { Finding, Reading } from '../../config/reading';
import { rewriteConfig } from '../../config/rewrite';
import { codeIn } from '../../config/understand/own-code';
import { nameCode } from '../../export/name-code';
import { fixesOf } from '../actions/fixes';
import type { SpecOptions } from '../../experiment/specs/spec-for';
import { adapterConversion } from '../../export/conversion';
import { exportCheck } from '../../export/export-check';
import type { Exported } from '../../export/refusal';
import { comparisonJson } from '../../messages/answers';
import type { Side, WayView } from '../../messages/comparison';
import type { TargetChoice } from '../../messages/panel';
import { runTexts } from '../../messages/signature';
import type { PlanId } from '../../recipe/plans/plan';
import { RecipeError } from '../../recipe/recipe';
import type { Target } from '../../recipe/target';
import { compared } from '../../run/compared';
import { type Agreement, readAgainstRan } from '../../run/read-against-ran';
import { readRecording } from '../../run/recording';
import { askedAlpha, refactoringsAt } from '../actions/refactorings';
import { comparedOf, comparisonViewOf, namesOf, trainingOf, type SideContents } from '../comparison/comparison-view';
import { fileRuns } from '../comparison/runs-words';
import { writeWay } from '../comparison/write-way';
import { problemsOf } from '../diagnostics/problems';
import { fieldAt } from '../documents/places';
import { hoverWords } from '../hover/hover-words';
import { alphaLenses, rateLenses, unknownLenses } from '../lens/lens-words';
import { outlookOf, type PanelChoice } from '../panel/outlook';
import type { Ran } from '../panel/recorded-run';
import type { ReadText } from './read-text';

export type ComparedSide = Omit<SideContents, 'source'>;

export type ComparedSides = Record<Side, ComparedSide>;

interface AskedPlan {
  network: number;
  target: TargetChoice;
  plan: PlanId;
}

/**
 * What the editor asks about a text. All of it can be answered in a thread: what is asked and answered is plain data, and
 * whatever takes the tree of the text is done where the text was read.
 * @see ask.ts for who answers
 */
const QUESTIONS = {
  reading: ({ reading: { runs: _, ...plain } }: ReadText): Reading => plain,

  /** @param usual the alpha that the user sets everywhere, or null */
  lenses: ({ text, reading }: ReadText, usual: number | null) => ({
    alpha: alphaLenses(reading),
    rate: [...rateLenses(text, reading, usual), ...unknownLenses(reading)],
    runs: fileRuns(reading),
  }),

  runs: ({ reading }: ReadText) => fileRuns(reading),

  /** What stands at an offset: Markdown, the place of the value, and the recipe it is part of. */
  hover({ text, reading }: ReadText, { offset, usual }: { offset: number; usual: number | null }) {
    const at = fieldAt(reading, offset);
    const words = at ? hoverWords(text, reading, at, usual) : [];
    return at && words.length > 0 ? { words, range: at.stated.range, network: at.network } : null;
  },

  /** @param ran the last recording of the file's run, or null */
  problems: ({ text, reading }: ReadText, ran: string | null) =>
    problemsOf(text, {
      ...reading,
      findings: [...reading.findings, ...(heldAgainst(text, reading, ran)?.findings ?? [])],
    }),

  ran: ({ text, reading }: ReadText, ran: string): Ran | null => heldAgainst(text, reading, ran),

  mendedProblems: ({ text, reading }: ReadText) =>
    problemsOf(text, reading).map((problem) => ({ ...problem, fixes: fixesOf(reading, problem.finding) })),

  /** What is wrong with going on from the trained adapter at this path, and what mends it; null if nothing is. */
  adapterDiffers({ text, reading }: ReadText, { from, adapter }: { from: string; adapter: AdapterNumbers }) {
    const finding = reading.findings.find(({ goesOn }) => goesOn?.from === from);
    return finding ? adapterDiffers(text, reading, finding, adapter) : null;
  },

  /** The Python file that gives a trained adapter the scaling of this file, or why there is none. */
  adapterConversion: ({ text, reading }: ReadText, { adapter, name }: { adapter: AdapterNumbers; name: string }) =>
    adapterConversion(text, reading, adapter, name),

  refactorings: refactoringsAt,

  plans: ({ text, reading }: ReadText, { network, target }: { network: number; target: number | Target }) =>
    orSentence(() => planConfig(text, reading, network, target)),

  /** The text held against a recording of its run; in a sentence why that is none. */
  agreement({ text, reading }: ReadText, ran: string): Agreement | string {
    const recording = readRecording(ran, l10n.t('The recording'));
    return 'wrong' in recording ? recording.wrong : readAgainstRan(text, reading, recording, ran);
  },

  /** Of each recipe, what its signature is the hash of. */
  runTexts: ({ text, reading }: ReadText) => runTexts(text, reading),

  /** A recipe without the values that its trainer ignores. */
  asTrained: ({ text, reading }: ReadText, network: number) => configRecipe(text, reading, network)?.recipe ?? null,

  /** The rules for another rank of a recipe; null where there is none. */
  ranked({ text, reading }: ReadText, { network, rank }: { network: number; rank: number }) {
    const recipe = configRecipe(text, reading, network)?.recipe;
    return recipe ? { recipe, ...rankConfig({ text, reading, index: network }, rank) } : null;
  },

  /** The document of a comparison with another text, or why there is none. */
  compared({ text, reading }: ReadText, networks: { first: number; second: number }, beside?: ReadText) {
    const first = configRecipe(text, reading, networks.first);
    const second = beside && configRecipe(beside.text, beside.reading, networks.second);
    if (!first || !second) return l10n.t('This file has no LoRA config of a known trainer.');
    return orSentence(() => comparisonJson(compared(first, second), [first.reading, second.reading]));
  },

  askedAlpha: (source: ReadText, { network, input }: { network: number; input: string }) =>
    askedAlpha(source, network, input),

  /** The Python file that checks a plan with PyTorch, or why there is none. */
  exported({ text, reading }: ReadText, { network, target, plan: id, name }: AskedPlan & { name: string }): Exported {
    const chosen = configRecipe(text, reading, network);
    const plans = orSentence(() => planConfig(text, reading, network, target));
    if (typeof plans === 'string') return { refused: plans };
    const plan = plans.plans.find((one) => one.id === id) ?? plans.plans[0];
    if (!chosen || !plan) return { refused: plans.refusal?.message ?? l10n.t('There is no plan for this recipe.') };
    return exportCheck({ ...chosen, name, plans, plan });
  },

  rewrite: ({ text, reading }: ReadText, { network, target, plan }: AskedPlan) =>
    rewriteConfig(text, reading, network, target, plan),

  /** The edits that name the init code in the config; none where it is named, null where they cannot be made. */
  nameCode: ({ text, reading }: ReadText, network: number) => nameCode(text, reading, network),

  /** Whether a text is code of an earlier plan for this recipe, which nobody has changed. */
  isOwnCode({ text, reading }: ReadText, { network, code }: { network: number; code: string }): boolean {
    const run = runOfRecipe(text, reading, network)?.run;
    return run !== undefined && codeIn(run, reading.recipes[network]?.init ?? null, code) !== null;
  },

  /** What follows from a choice in the panel; a sentence where the target cannot be, null without a recipe. */
  outlook: (source: ReadText, { choice, options }: { choice: PanelChoice; options: SpecOptions }) =>
    orSentence(() => outlookOf(source, choice, options)),

  /** The picture of the page that compares two files, and what training both would show; null where they cannot be. */
  comparison(source: ReadText, { options, ...sides }: ComparedSides & { options: SpecOptions }, beside?: ReadText) {
    const { first, second, compared } = both(sides, beside, source);
    const isCompared = compared !== null && typeof compared !== 'string';
    return {
      picture: comparisonViewOf(first, second, compared, ''),
      training: isCompared ? trainingOf(compared, namesOf(first, second), options) : null,
    };
  },

  /** How the second file is brought to the first's run; null where there is no such way. */
  way(source: ReadText, { id, ...sides }: ComparedSides & { id: WayView['id'] }, beside?: ReadText) {
    const { compared } = both(sides, beside, source);
    if (compared === null || typeof compared === 'string') return null;
    const { first, second, result } = compared;
    const way = result.ways.find((each) => each.way.id === id);
    const guess = second.recipe.guess ?? '';
    return way ? { writing: writeWay(first, second, way, sides.second.file.path), guess } : null;
  },
};

export type QuestionId = keyof typeof QUESTIONS;
export type Asked<Id extends QuestionId> = Parameters<(typeof QUESTIONS)[Id]>[1];
export type Answer<Id extends QuestionId> = ReturnType<(typeof QUESTIONS)[Id]>;

export const QUESTION_IDS = Object.keys(QUESTIONS) as QuestionId[];

/** Answers a question about a text, or about that text beside another. */
export function answer<Id extends QuestionId>(
  id: Id,
  source: ReadText,
  asked: Asked<Id>,
  beside?: ReadText,
): Answer<Id> {
  // TypeScript knows no pair of a question and what it is asked with, once their names are the same.
  const question = QUESTIONS[id] as (source: ReadText, asked: Asked<Id>, beside?: ReadText) => Answer<Id>;
  return question(source, asked, beside);
}

/** A file held against a recording; null where the recording cannot be read. */
function heldAgainst(text: string, reading: ConfigReading, ran: string | null): Ran | null {
  const recording = ran === null ? null : readRecording(ran, l10n.t('The recording'));
  if (ran === null || recording === null || 'wrong' in recording) return null;
  const { findings, agrees, why, about } = readAgainstRan(text, reading, recording, ran);
  const none: Finding = { code: 'run-differs', severity: 'warning', message: why ?? '', line: null, range: null };
  return { findings: findings.length > 0 ? findings : [none], agrees, why, about };
}

function orSentence<T>(compute: () => T): T | string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
}

/** Both compared files with their texts, and what comparing them gives. */
function both(sides: ComparedSides, mine: ReadText | undefined, other: ReadText) {
  const first: SideContents<ConfigReading> = { ...sides.first, source: mine ?? null };
  const second: SideContents<ConfigReading> = { ...sides.second, source: other };
  return { first, second, compared: comparedOf(first, second) };
}
