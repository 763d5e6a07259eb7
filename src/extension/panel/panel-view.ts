import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import { withoutRecipe } from '../../config/findings/findings';
import { claimHeadline, claimWords } from '../../config/plan/claim';
import { type ConfigChange, WHERE_WORDS, oldValueWords } from '../../config/plan/changes';
import type { ConfigPlan } from '../../config/planned';
import type { Finding, NotUnderstood, Reading } from '../../config/reading';
import type { ChangeRow, FileView, PanelView, PlanView } from '../../messages/panel';
import type { RunView } from '../../messages/run';
import { blogRuleWords } from '../../recipe/blog-rule';
import { factorLabel } from '../../recipe/notation';
import { rowFor } from '../../recipe/optimizers/optimizers';
import { fileNameOf, pointOf } from '../documents/places';
import type { SourceText } from '../questions/read-text';
import type { Outlook, PanelChoice } from './outlook';

interface PanelContents {
  file: FileView;
  /** The last text that could be read, or null. */
  source: Pick<SourceText, 'reading'> | null;
  choice: PanelChoice;
  outlook: Outlook | null;
  run: RunView;
  results: PanelView['results'];
  measured: Readonly<Record<string, number | null>>;
  proposal: PanelView['proposal'];
  applied: PanelView['applied'];
}

/** The page's whole picture. */
export function viewOf({ file, source, choice, outlook, proposal, applied, ...trained }: PanelContents): PanelView {
  const plan = outlook?.plan ?? null;
  // At the alpha of the file there is nothing to choose.
  const isTried = outlook !== null && outlook.target.k !== 1;
  const isWritable = file.state === 'ok' && outlook?.refusal === null && (plan?.configChanges.some(isInFile) ?? false);
  const locked = lockedOf(outlook);
  return {
    file,
    recipe: outlook && source ? recipeView(outlook, source) : null,
    target: outlook?.target ?? { alpha: choice.target.alpha, scalingRule: 'standard', scaling: 1, k: 1 },
    plans: isTried ? outlook.plans.plans.map((each) => planView(each, trained.measured)) : [],
    plan: plan?.id ?? choice.plan,
    task: choice.task,
    changes:
      outlook?.refusal === null ? (plan?.configChanges.map((change) => changeRow(change, outlook.target.k)) ?? []) : [],
    why: outlook ? whyOf(outlook) : '',
    popularRule: popularRuleOf(outlook),
    refusal: outlook?.refusal ?? null,
    notes: [...(source ? findingNotes(source.reading.findings) : []), ...worthKnowing(outlook)],
    assumptions: [...(outlook?.assumptions ?? [])],
    claim: plan && outlook?.refusal === null ? claimHeadline(plan.claim) : null,
    notUnderstood: source?.reading.notUnderstood.map(notUnderstoodView) ?? [],
    run: trained.run,
    results: trained.results,
    locked: isWritable ? locked : null,
    canApply: isWritable && locked === null,
    code: outlook?.refusal === null ? (plan?.code ?? null) : null,
    proposal,
    applied,
  };
}

/** Why Apply is locked. For code that was not understood one sentence is enough: the panel lists its lines below. */
function lockedOf(outlook: Outlook | null): string | null {
  if (!outlook?.writing || !('refusal' in outlook.writing)) return null;
  const { code, message } = outlook.writing.refusal;
  return code === 'not-understood'
    ? l10n.t('Lines that were not understood may set a number that this plan changes.')
    : message;
}

function recipeView(
  { recipe, network, plans: { limits } }: Outlook,
  { reading }: Pick<SourceText, 'reading'>,
): PanelView['recipe'] {
  return {
    trainer: reading.trainerName ?? '',
    optimizer: recipe.optimizer.name ?? '',
    rank: recipe.rank,
    networks: reading.recipes.map(({ name }) => name),
    network,
    alpha: recipe.alpha,
    scalingRule: recipe.scalingRule,
    multiplier: recipe.multiplier ?? 1,
    wholeAlpha: limits.wholeAlpha ?? false,
    canSwitchRslora: limits.canSwitchRslora,
    scaling: recipe.scaling,
    alphaKey: recipe.stated.alpha?.path ?? 'alpha',
    alphaAssumed: recipe.stated.alpha ? '' : (recipe.assumed.alpha ?? ''),
  };
}

function planView(plan: ConfigPlan, measured: PanelContents['measured']): PlanView {
  return {
    id: plan.id,
    title: plan.title,
    summary: plan.summary,
    needsCode: plan.code !== null,
    exactness: plan.exactness,
    says: claimWords(plan.claim),
    measured: measured[plan.id] ?? null,
    // Code that was not understood is shown once for all plans, in its own section.
    caveats: plan.caveats
      .filter(({ code, limits }) => code !== 'not-understood' && limits !== undefined)
      .map(({ code, message }) => ({ code, message })),
  };
}

/** What the chosen plan leaves as exact as it is, but a user should know. */
function worthKnowing(outlook: Outlook | null): string[] {
  const caveats = outlook?.refusal === null ? (outlook.plan?.caveats ?? []) : [];
  return caveats.filter(({ limits }) => limits === undefined).map(({ message }) => message);
}

function notUnderstoodView({ source, why, line, inCell }: NotUnderstood): PanelView['notUnderstood'][number] {
  return { source, why, ...(inCell ? { line: inCell.line, cell: inCell.cell } : { line }) };
}

function changeRow({ field, of, key, to, factor, law, why, where, exact, ...at }: ConfigChange, k: number): ChangeRow {
  // A number that stands elsewhere can still be moved by hand: say by how much.
  const unresolved = factor === 1 ? l10n.t('your value, unchanged') : l10n.t`your value ${factorLabel(factor)}`;
  return {
    field,
    ofFactor: of !== undefined,
    moves: movesOf(exact, factor, k),
    key,
    from: oldValueWords(at) ?? '',
    to: to ?? unresolved,
    law,
    why,
    note: WHERE_WORDS[where],
    ...pointOf(at),
  };
}

/** A number's power of k, if it moves by a power of k; all plans have multiples of a half. */
function movesOf(exact: number | null, factor: number, k: number): ChangeRow['moves'] {
  const power = Math.round((2 * Math.log(factor)) / Math.log(k)) / 2;
  if (k === 1 || Math.abs(k ** power / factor - 1) > 1e-9) return null;
  return { from: exact === null ? null : exact / factor, power };
}

function isInFile({ where, factor }: ConfigChange): boolean {
  return factor !== 1 && (where === 'file' || where === 'default');
}

/** The chosen plan's own reason for its rate; the optimizer's where the plan has none. */
function whyOf(outlook: Outlook): string {
  const rate = outlook.plan?.configChanges.find(({ field, of }) => field === 'learningRate' && of === undefined);
  return rate?.why ?? rowFor(outlook.recipe.optimizer)?.why ?? '';
}

function popularRuleOf(outlook: Outlook | null): string {
  const row = outlook?.refusal === null ? rowFor(outlook.recipe.optimizer) : undefined;
  return row && outlook ? blogRuleWords(row, outlook.recipe) : '';
}

/** Errors have their own place in the panel; what is left is worth a line. */
function findingNotes(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity, code }) => severity !== 'error' && code !== 'not-understood')
    .map(({ message }) => message);
}

/** A file that is being opened. */
export function waitingView(uri: vscode.Uri): FileView {
  return { name: fileNameOf(uri), path: uri.path, state: 'ok', message: null, line: null };
}

/** A file that is no more. */
export function goneView(uri: vscode.Uri): FileView {
  return {
    ...waitingView(uri),
    state: 'gone',
    message: l10n.t`${fileNameOf(uri)} cannot be opened any more. If it was moved, open it there and check it again.`,
  };
}

/** A file that takes too long to be read, or too much memory. */
export function unreadView(uri: vscode.Uri, error: unknown): FileView {
  const reason = error instanceof Error ? error.message : String(error);
  return { ...waitingView(uri), state: 'broken', message: l10n.t`${fileNameOf(uri)} could not be read: ${reason}` };
}

/** How the panel speaks of a text: fine, broken, or not a LoRA config at all. */
export function fileViewOf(uri: vscode.Uri, reading: Reading, editable: boolean): FileView {
  const view = waitingView(uri);
  if (reading.recipes.length > 0 && editable) return view;
  const why = withoutRecipe(reading);
  if (why) return { ...view, state: reading.isLora ? 'broken' : 'unread', message: why.message, ...pointOf(why) };
  return {
    ...view,
    state: 'foreign',
    message: l10n.t`${view.name} holds no LoRA config that is known here. A LoRA config sets a rank and an alpha, such as lora_r: 16 and lora_alpha: 16.`,
  };
}
