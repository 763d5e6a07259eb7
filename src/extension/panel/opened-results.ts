import type * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { curveLabel, type Curve } from '../../experiment/words/curves';
import { deviationLabel } from '../../experiment/words/sizes';
import type { ConfigPlan } from '../../config/planned';
import { CHECK_BATCHES, type PytorchResults } from '../../export/results';
import type { PanelState, ResultsView, pageContract } from '../../messages/panel';
import type { Peer } from '../../messages/rpc';
import { numberLabel } from '../../recipe/notation';
import type { PlanId } from '../../recipe/plans/plan';
import { settled } from '../../run/read-against-ran';
import { emptyWords } from '../../run/recipe-of-run';
import type { Recording } from '../../run/recording';
import type { Outlook } from './outlook';
import { recordedView, seriesOf, type Ran } from './recorded-run';

export interface ResultsFile {
  uri: vscode.Uri;
  results: PytorchResults;
  /** When the file was written, in milliseconds since 1970. */
  written: number;
  /** Text of the config that was checked, where it is known. */
  checked?: string;
}

/** Results, or a recording of the user's program with its text. */
export type OpenedFile = ResultsFile | (Omit<ResultsFile, 'results'> & { recording: Recording; text: string });

interface OpenedResultsDeps {
  page: Pick<Peer<typeof pageContract>, 'notify'>;
  /** Reads the file at an address; null where it holds no results any more. */
  read: (uri: string) => Promise<OpenedFile | null>;
  /** Holds the config, as it is now, against a recording; null where that cannot be. */
  hold: (recording: string) => Promise<Ran | null>;
  /** When the config was saved last, in milliseconds since 1970. */
  saved: () => Promise<number>;
  changed: () => void;
  kept: PanelState['results'];
}

/** What an earlier page kept is read again from its file. */
export function openedResults({ page, read, hold, saved, changed, kept }: OpenedResultsDeps) {
  let state = kept;
  let opened: OpenedFile | null = null;
  /** What a recording says of a text of the config. */
  let held: { recording: string; text: string; ran: Ran | null } | null = null;
  // Text of the config that was checked. If it is unknown: the text when the results were opened.
  let checked: string | undefined;
  let isOlder = false;
  let id = 0;
  /** Sends the losses, as the page has none. */
  const tellAll = (): void => {
    if (!opened) return;
    const losses = 'recording' in opened ? seriesOf(opened.recording).values : lossesOfResults(opened.results);
    page.notify('results', { id, losses });
  };
  const become = (file: OpenedFile | null, isShown: boolean): void => {
    id--;
    opened = file;
    checked = file?.checked;
    isOlder = false;
    if (file && checked === undefined) void compare(file);
    state = file && { uri: file.uri.toString(), isShown };
    tellAll();
    changed();
  };
  const compare = async (file: OpenedFile): Promise<void> => {
    const time = await saved();
    if (opened !== file || time <= file.written) return;
    isOlder = true;
    changed();
  };
  /** Until another text was read against the recording, the last answer stays. */
  const holdAgainst = async (recording: string, text: string): Promise<void> => {
    if (held?.recording === recording && held.text === text) return;
    const mine = (held = { recording, text, ran: held?.recording === recording ? held.ran : null });
    const ran = await hold(recording);
    if (held !== mine) return;
    mine.ran = ran;
    changed();
  };
  if (kept) {
    void read(kept.uri).then((file) => {
      // Other results may have been opened meanwhile.
      if (state?.uri === kept.uri && !opened) become(file, state.isShown);
    });
  }
  return {
    open: (file: OpenedFile): void => become(file, true),
    show(isShown: boolean): void {
      if (!state) return;
      state = { ...state, isShown };
      changed();
    },
    /** @param text of the config, as it is now */
    view(subject: PanelSubject | null, text: string | undefined): ResultsView | null {
      if (!opened || !state) return null;
      if ('recording' in opened) {
        if (text !== undefined) void holdAgainst(opened.text, text);
        return recordedView(opened.recording, held?.recording === opened.text ? held.ran : null, id, state.isShown);
      }
      checked ??= text;
      const isChanged = isOlder || checked !== text;
      return resultsView(opened.results, { id, isShown: state.isShown, subject: subject && { ...subject, isChanged } });
    },
    /** An outlook whose plans are held against the open recording, too, where it has a run. */
    settled(outlook: Outlook | null): Outlook | null {
      const ran = held?.ran;
      if (!outlook || !ran || !opened || !('recording' in opened) || held?.recording !== opened.text) return outlook;
      const { recording } = opened;
      if (emptyWords(recording) !== null) return outlook;
      const settle = (plan: ConfigPlan): ConfigPlan => settled(plan, { ...ran, recording });
      const { plan, plans } = outlook;
      return { ...outlook, plan: plan && settle(plan), plans: { ...plans, plans: plans.plans.map(settle) } };
    },
    state: (): PanelState['results'] => state,
    tellAll,
  };
}

/** What a panel is about; null before a config was read. */
export function subjectOf(outlook: Outlook | null, config: string): PanelSubject | null {
  if (!outlook) return null;
  const { recipe, target, plan, plans } = outlook;
  const titles = Object.fromEntries(plans.plans.map(({ id, title }) => [id, title]));
  return { config, alpha: [recipe.alpha, target.alpha], k: target.k, plan: plan?.id ?? null, titles };
}

/** What a panel is about: the same parts that results name. */
export interface PanelSubject {
  config: string;
  alpha: readonly [from: number, to: number];
  k: number;
  plan: PlanId | null;
  /** The config was saved or edited after the results were written. */
  isChanged?: boolean;
  titles: Readonly<Partial<Record<PlanId, string>>>;
}

/**
 * Results as the panel shows them.
 * @param id of their run, below 0
 * @param subject null before a config was read
 */
export function resultsView(
  results: PytorchResults,
  { id, isShown, subject }: { id: number; isShown: boolean; subject: PanelSubject | null },
): ResultsView {
  const { verdict, why, steps, environment, deltaW, program, headline, remarks = [] } = results;
  const model = shortName(environment.model);
  const aside = subject ? otherSubject(results.check, subject) : '';
  const evidence = program === undefined ? sentence(why) : why;
  const words = { kind: verdict, headline: headline ?? HEADLINES[verdict](model), evidence, detail: '', aside };
  const batches = program === undefined ? CHECK_BATCHES : 1;
  const done = { state: 'done', batches, summary: '', error: null } as const;
  return {
    ...{ isShown, isRecording: false },
    tab: program === undefined ? l10n.t`PyTorch: ${model}` : l10n.t('Your run'),
    run: { ...done, id, stale: aside !== '', steps, curves: curvesOf(results), verdict: words },
    environment: environmentLine(results, model),
    modules: {
      title: l10n.t('ΔW per module'),
      head: [l10n.t('module'), l10n.t('difference'), l10n.t('rounding error')],
      rows: deltaW.map(({ module, deviation, control }) => {
        return [module.replace('base_model.model.', ''), sizeOf(deviation), sizeOf(control)];
      }),
    },
    remarks,
  };
}

/** The losses of the curves, in the same order; NaN where a loss is not finite. */
export function lossesOfResults({ variants }: PytorchResults): number[][] {
  return variants.map(({ loss }) => loss.map((value) => value ?? Number.NaN));
}

function curvesOf({ variants }: PytorchResults): Curve[] {
  return variants.map(({ name, role, number }) => {
    // Nothing was changed in it, so what it differs by is rounding error.
    if (role === 'repeat') return { name, label: l10n.t('baseline again'), role: 'control' };
    return { name, label: curveLabel({ name, role, ...(number === null ? {} : { number }) }), role };
  });
}

const HEADLINES: Readonly<Record<PytorchResults['verdict'], (model: string) => string>> = {
  identical: (model) => l10n.t`Identical with ${model}`,
  equivalent: (model) => l10n.t`Equivalent with ${model}`,
  different: (model) => l10n.t`Different with ${model}`,
  undecided: (model) => l10n.t`Undecided with ${model}`,
};

/** One sentence if the results are about another file, alpha, plan or text than the panel; else empty. */
function otherSubject(
  check: PytorchResults['check'],
  { config, alpha, k, plan, titles, isChanged }: PanelSubject,
): string {
  const parts: (readonly [theirs: string, ours: string])[] = [];
  if (check.config !== config) parts.push([check.config, config]);
  if (!check.alpha.every((value, i) => isNear(value, alpha[i] ?? NaN))) {
    parts.push([alphaWords(check.alpha), alphaWords(alpha)]);
    // Rank stabilisation or another rank moves k alone.
  } else if (!isNear(check.k, k)) parts.push([`k = ${numberLabel(check.k)}`, `k = ${numberLabel(k)}`]);
  if (plan !== null && check.plan !== plan) parts.push([titles[check.plan] ?? check.plan, titles[plan] ?? plan]);
  if (parts.length === 0) return isChanged ? l10n.t`${config} was saved or edited after this check.` : '';
  const [theirs = '', ours = ''] = [0, 1].map((side) => parts.map((part) => part[side]).join(', '));
  return l10n.t`These results checked ${theirs}. The panel shows ${ours}.`;
}

function alphaWords([from, to]: readonly [number, number]): string {
  return unbroken(`alpha ${numberLabel(from, 6)} → ${numberLabel(to, 6)}`);
}

/** Equal in the digits that a file shows. */
function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-5 * Math.abs(other);
}

function environmentLine({ steps, environment }: PytorchResults, model: string): string {
  const { data, dtype, device, processes, torch, transformers, peft } = environment;
  const libraries = Object.entries({ torch: torch.split('+')[0] ?? '', transformers, peft });
  // A program may use none of these.
  const versions = libraries.flatMap(([name, version]) => (version === '' ? [] : [unbroken(`${name} ${version}`)]));
  return [
    model === environment.model ? '' : environment.model,
    l10n.t`${steps} steps`,
    // The check's own word for its own data.
    data === 'random tokens' ? l10n.t('random tokens') : shortName(data),
    dtype,
    device,
    processes === 1 ? '' : l10n.t`processes: ${processes}`,
    // `2.9.1+cu128`: the device says the rest.
    ...versions,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

const LONGEST_NAME = 40;

/** `Llama-3.1-8B` of `meta-llama/Llama-3.1-8B`, or of a path. */
function shortName(name: string): string {
  const last = name.split(/[\\/]/).findLast((part) => part !== '') ?? name;
  return last.length > LONGEST_NAME ? `${last.slice(0, LONGEST_NAME)}…` : last;
}

/** The check's reason begins small, ends without a full stop, and has parts of one: `2e-07` is `2e-5 %`. */
function sentence(why: string): string {
  const text = why.trim().replace(/\b\d(?:\.\d+)?e[-+]\d+\b/g, (size) => deviationLabel(Number(size)));
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

function sizeOf(deviation: number | null): string {
  return deviation === null ? l10n.t('not finite') : deviationLabel(deviation);
}
