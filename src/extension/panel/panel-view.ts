import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import { withoutRecipe } from '../../config/findings/findings';
import type { ConfigChange } from '../../config/plan/changes';
import { claimHeadline, claimWords } from '../../config/plan/claim';
import type { ConfigPlan } from '../../config/planned';
import type { Reading } from '../../config/reading';
import { isMissing } from '../../config/understand/not-understood';
import type { FileView, PanelView, PlanView, RecipeView } from '../../messages/panel';
import { messageOf } from '../../messages/rpc';
import { blogRuleWords } from '../../recipe/blog-rule';
import { rowFor } from '../../recipe/optimizers/optimizers';
import { changeOf } from '../best-plan';
import { fileNameOf, pointOf } from '../documents/places';
import type { SourceText } from '../questions/read-text';
import { noRun } from '../runs/runs';
import { changeRow } from './change-row';
import type { Outlook, PanelChoice } from './outlook';
import { rankParts } from './rank-outlook';

interface PanelContents extends Pick<PanelView, 'file' | 'run' | 'results' | 'proposal' | 'applied'> {
  /** The last text that could be read, or null. */
  source: Pick<SourceText, 'reading'> | null;
  choice: PanelChoice;
  outlook: Outlook | null;
  measured: Readonly<Record<string, number | null>>;
}

export function viewOf({ source, choice, outlook, measured, ...own }: PanelContents): PanelView {
  const plan = outlook?.plan ?? null;
  const ranked = outlook?.ranked ?? null;
  /** The plan, unless nothing is offered. */
  const offered = outlook?.refusal === null ? plan : null;
  const offeredChanges = (ranked ? ranked.plan : offered)?.configChanges ?? [];
  // At the alpha of the file there is nothing to choose.
  const isTried = outlook !== null && outlook.target.k !== 1;
  const isWritable = own.file.state === 'ok' && offeredChanges.some(isInFile);
  const locked = isWritable ? lockedOf(outlook) : null;
  const row = outlook ? rowFor(outlook.recipe.optimizer) : undefined;
  const rate = plan && changeOf(plan, 'learningRate');
  const findings = source?.reading.findings ?? [];
  // What was measured belongs to a file that could be read.
  const isOld = own.file.state !== 'ok' && own.run.state !== 'none';
  // A check of alpha says nothing of a rank, nor the other way round.
  const run = (own.run.rates !== undefined) === (ranked !== null) ? own.run : noRun().view;
  return {
    ...own,
    run: { ...run, stale: run.stale || isOld },
    recipe: outlook && source ? recipeView(outlook, source.reading) : null,
    target: outlook?.target ?? { alpha: choice.target.alpha, scalingRule: 'standard', scaling: 1, k: 1 },
    plans: isTried ? outlook.plans.plans.map((each) => planView(each, measured)) : [],
    plan: plan?.id ?? choice.plan,
    ranked: null,
    task: choice.task,
    changes: offered?.configChanges.map((change) => changeRow(change, outlook?.target.k ?? 1)) ?? [],
    // The chosen plan's own reason for its rate; the optimizer's where the plan has none.
    why: rate?.why ?? row?.why ?? '',
    popularRule: outlook?.refusal === null && row ? blogRuleWords(row, outlook.recipe) : '',
    refusal: outlook?.refusal ?? null,
    notes: [
      // Errors have their own place in the panel; what is left is worth a line.
      ...findings.filter(({ severity, code }) => severity !== 'error' && code !== 'not-understood'),
      // What the plan leaves as exact as it is, but a user should know.
      ...(offered?.caveats ?? []).filter(({ limits }) => limits === undefined),
    ].map(({ message }) => message),
    assumptions: [...(outlook?.assumptions ?? [])],
    claim: offered && claimHeadline(offered.claim),
    notUnderstood: (source?.reading.notUnderstood ?? []).map(({ source, why, ...at }) => ({
      ...{ source: isMissing({ source }) ? '' : source, why },
      ...pointOf(at),
    })),
    locked,
    canApply: isWritable && locked === null,
    code: offered?.code ?? null,
    ...(outlook && ranked && rankParts(outlook.target, ranked, measured)),
  };
}

/** Why Apply is locked; empty for lines that were not understood, which the panel lists with what they may do. */
function lockedOf(outlook: Outlook | null): string | null {
  if (!outlook?.writing || !('refusal' in outlook.writing)) return null;
  const { code, message } = outlook.writing.refusal;
  return code === 'not-understood' ? '' : message;
}

function recipeView({ recipe, network, plans: { limits } }: Outlook, reading: Reading): RecipeView {
  const { rank, alpha, scalingRule, scaling, stated, assumed } = recipe;
  return {
    ...{ rank, alpha, scalingRule, scaling, network },
    trainer: reading.trainerName ?? '',
    optimizer: recipe.optimizer.name ?? '',
    networks: reading.recipes.map(({ name }) => name),
    multiplier: recipe.multiplier ?? 1,
    wholeAlpha: limits.wholeAlpha ?? false,
    canSwitchRslora: limits.canSwitchRslora,
    alphaKey: stated.alpha?.path ?? 'alpha',
    alphaAssumed: stated.alpha ? '' : (assumed.alpha ?? ''),
  };
}

function planView(
  { id, title, summary, exactness, code: snippet, claim, caveats }: ConfigPlan,
  measured: PanelContents['measured'],
): PlanView {
  return {
    ...{ id, title, summary, exactness },
    needsCode: snippet !== null,
    says: claimWords(claim),
    measured: measured[id] ?? null,
    // Code that was not understood is shown once for all plans, in its own section.
    caveats: caveats.flatMap(({ code, message, limits }) =>
      code === 'not-understood' || limits === undefined ? [] : [{ code, message }],
    ),
  };
}

function isInFile({ where, factor }: ConfigChange): boolean {
  return factor !== 1 && (where === 'file' || where === 'default');
}

export function waitingView(uri: vscode.Uri): FileView {
  return { name: fileNameOf(uri), path: uri.path, state: 'ok', message: null, line: null };
}

export function goneView(uri: vscode.Uri): FileView {
  const message = l10n.t`${fileNameOf(uri)} cannot be opened any more. If it was moved, open it there and check it again.`;
  return { ...waitingView(uri), state: 'gone', message };
}

/** A file that takes too long to be read, or too much memory. */
export function unreadView(uri: vscode.Uri, error: unknown): FileView {
  return {
    ...waitingView(uri),
    state: 'broken',
    message: l10n.t`${fileNameOf(uri)} could not be read: ${messageOf(error)}`,
  };
}

/** How the panel speaks of a text: fine, broken, or not a LoRA config at all. */
export function fileViewOf(uri: vscode.Uri, reading: Reading, editable: boolean): FileView {
  const view = waitingView(uri);
  if (reading.recipes.length > 0 && editable) return view;
  const why = withoutRecipe(reading);
  if (why) return { ...view, state: reading.isLora ? 'broken' : 'unread', message: why.message, ...pointOf(why) };
  return { ...view, state: 'foreign', message: noConfig(uri) };
}

/** What to say of a file that was meant and is no config. */
export function noConfig(uri: vscode.Uri): string {
  return l10n.t`${fileNameOf(uri)} holds no LoRA config that is known here. A LoRA config sets a rank and an alpha, such as lora_r: 16 and lora_alpha: 16.`;
}
