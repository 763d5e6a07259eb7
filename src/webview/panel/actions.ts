import * as l10n from '@vscode/l10n';
import type { PanelView, TargetChoice, PanelHost } from '../../messages/panel';
import type { RunView } from '../../messages/run';
import { h, type Html, unlessEmpty } from '../page/dom';
import { button, menu } from '../page/toolkit';
import { LIGHT_PALETTE, type Palette } from '../../plot/style';
import { runAsCsv, runAsSvg, svgAsPng } from '../plots/export';
import { currentTheme } from '../plots/plot-options';
import { type RunCurves, stepsOf } from '../runs/live-run';
import { changesAsTsv } from './live-view';

interface ActionsView {
  view: PanelView;
  /** The run in the plots, and its curves. */
  drawn: RunView;
  curves: RunCurves | null;
  /** The target that the view is about; null while the field holds another or none. */
  current: TargetChoice | null;
  /** Tells the host of what the field holds, and gives it. */
  told: () => TargetChoice | null;
}

/** Ctrl+Enter applies from anywhere: the bar is at the end of the page, thirty presses of Tab from the target. */
export function applyByKey(): void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    const apply = document.getElementById('apply') as HTMLButtonElement | null;
    const isShortcut = (event.ctrlKey || event.metaKey) && apply !== null && !apply.disabled && !apply.hidden;
    if (!isShortcut && !event.repeat) return;
    event.preventDefault();
    event.stopPropagation();
    // A held key repeats: it must not ask twice, nor answer the question that its first press asked.
    if (event.repeat) return;
    // From there the focus moves on to the question.
    apply?.focus();
    apply?.click();
  };
  document.addEventListener('keydown', onKey, { capture: true });
}

const light = (): Palette => LIGHT_PALETTE;
const isDark = (): boolean =>
  document.body.matches('.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light)');

/** The question beside the diff, in the place of the button that was pressed: is the change to be applied? */
function question({ what, remark }: NonNullable<PanelView['proposal']>, file: string, host: PanelHost): Html[] {
  const answer = (id: string, label: string, write: boolean): Html =>
    button(label, write ? 'primary' : 'secondary', { id }, () => host.notify('answer', { write }));
  const asked = h('strong', l10n.t`Apply ${what} to ${file}?`);
  return [
    h('div.question', { id: 'proposal', role: 'status' }, asked, unlessEmpty('p.muted', remark)),
    answer('write', l10n.t('Apply'), true),
    answer('discard', l10n.t('Discard'), false),
  ];
}

/** The bar: write the answer, copy its code, run again; what is rare is in a menu. */
export function actions({ view, drawn, curves, current, told }: ActionsView, host: PanelHost): Html {
  const { state } = view.run;
  const isOk = view.file.state === 'ok';
  const hasChanges = current !== null && view.changes.length > 0;
  // Both are about a plan, and another rank has none.
  const isPlan = hasChanges && isOk && view.target.rank === undefined;
  const hasCurves = curves !== null && curves.id === drawn.id && stepsOf(curves) > 0 && !drawn.stale;
  const cannotRun = current === null || state === 'running' || view.refusal !== null || !isOk;
  // One button stands out: look first, then write.
  const untried = state === 'none' && !cannotRun;

  /** An error becomes an unhandled rejection, which reaches the extension's log. */
  const save = (kind: 'png' | 'svg' | 'csv', palette: () => Palette) => (): void => {
    if (!curves) return;
    // A recorded run has the alpha of the file.
    const recipe = drawn === view.run || !view.results?.isRecording ? view.recipe : null;
    const svg = (): string => runAsSvg({ ...view, recipe, run: drawn }, curves.losses, palette());
    const data = kind === 'csv' ? runAsCsv(drawn.curves, curves.losses) : kind === 'svg' ? svg() : svgAsPng(svg());
    void Promise.resolve(data).then((text) => host.notify('save', { kind, data: text }));
  };
  const copy = (text: string, what: string) => (): void => host.notify('copy', { text, what });
  const table = changesAsTsv(view.changes, view.target);
  const item = (id: string, label: string, isOn: boolean, choose: () => void) => ({ id, label, isOff: !isOn, choose });
  const rare = [
    item('copy-table', l10n.t('Copy the changes'), hasChanges, copy(table, l10n.t('The table of changes'))),
    item('export-check', l10n.t('Export PyTorch check…'), isPlan, () => {
      if (current) host.notify('exportCheck', current);
    }),
    item('record-run', l10n.t('Record the run…'), isOk, () => host.notify('recordRun', undefined)),
    item('try-run', l10n.t('Try in your run…'), isPlan, () => {
      if (current) host.notify('tryRun', current);
    }),
    item('open-results', l10n.t('Open PyTorch results…'), true, () => host.notify('openResults', undefined)),
    item('export-png', l10n.t('Save the plots as PNG…'), hasCurves, save('png', currentTheme)),
    item('export-svg', l10n.t('Save the plots as SVG…'), hasCurves, save('svg', currentTheme)),
    ...(isDark()
      ? [item('export-light', l10n.t('Save the plots as a light PNG…'), hasCurves, save('png', light))]
      : []),
    item('export-csv', l10n.t('Save the numbers as CSV…'), hasCurves, save('csv', light)),
  ];
  const apply = {
    id: 'apply',
    title: l10n.t('Shows the diff first (Ctrl+Enter)'),
    'aria-keyshortcuts': 'Control+Enter Meta+Enter',
    disabled: !view.canApply,
    // Where nothing may be written (a trained adapter, a value in a variable), the banner says why.
    hidden: (view.applied !== null && !hasChanges) || view.locked !== null,
  };
  const code = { id: 'copy-code', disabled: current === null, hidden: view.code === null };
  const labels =
    view.target.rank === undefined ? [l10n.t('Run'), l10n.t('Run again')] : [l10n.t('Test'), l10n.t('Test again')];
  const runLabel = labels[state === 'none' ? 0 : 1] ?? '';
  const bar = { role: 'group', 'aria-label': l10n.t('Actions'), hidden: view.recipe === null };
  if (view.proposal) return h('div.actions', bar, ...question(view.proposal, view.file.name, host));
  return h(
    'div.actions',
    bar,
    button(l10n.t('Apply to file…'), untried ? 'secondary' : 'primary', apply, () => {
      // The host plans what was typed in the same moment first.
      const target = told();
      if (target) host.notify('apply', target);
    }),
    button(l10n.t('Copy code'), 'secondary', code, copy(view.code ?? '', l10n.t('The init code'))),
    h('span.push'),
    button(runLabel, untried ? 'primary' : 'secondary', { id: 'run', disabled: cannotRun }, () =>
      host.notify('run', undefined),
    ),
    menu({ id: 'more', label: l10n.t('More'), title: `${l10n.t('More')} ▾` }, rare),
  );
}
