import * as l10n from '@vscode/l10n';
import type { PanelView, TargetChoice, PanelHost } from '../../messages/panel';
import type { RunView } from '../../messages/run';
import { changesAsTsv } from './live-view';
import { type Component, h, setAttribute, setText } from '../page/dom';
import { button, menu } from '../page/toolkit';
import { runAsCsv, runAsSvg, svgAsPng } from '../plots/export';
import { currentTheme } from '../plots/plot-options';
import { type RunCurves, stepsOf } from '../runs/live-run';

interface ActionsView {
  view: PanelView;
  /** The run in the plots, and its curves. */
  drawn: RunView;
  curves: RunCurves | null;
  /** The target that the view is about; null while the field holds another or none. */
  current: TargetChoice | null;
}

/** The bar: write the answer, copy its code, run again; what is rare is in a menu. */
export function actions(host: PanelHost): Component<ActionsView> {
  let shown: ActionsView | null = null;
  const applyNow = (): void => {
    if (shown?.current) host.notify('apply', shown.current);
  };
  const shortcut = {
    title: l10n.t('Shows the diff first (Ctrl+Enter)'),
    'aria-keyshortcuts': 'Control+Enter Meta+Enter',
  };
  const apply = button(l10n.t('Apply to file…'), 'primary', { id: 'apply', ...shortcut }, applyNow);
  // The bar is at the end of the page, nearly thirty presses of Tab from the target.
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Enter') return;
      const isShortcut = (event.ctrlKey || event.metaKey) && !apply.disabled && !apply.hidden;
      if (!isShortcut && !event.repeat) return;
      event.preventDefault();
      event.stopPropagation();
      // A held key repeats: it must not ask twice, nor answer the question that its first press asked.
      if (event.repeat) return;
      // From there the focus moves on to the question.
      apply.focus();
      applyNow();
    },
    { capture: true },
  );
  const copy = button(l10n.t('Copy code'), 'secondary', { id: 'copy-code' }, () => {
    const text = shown?.view.code;
    if (text) host.notify('copy', { text, what: l10n.t('The init code') });
  });
  const run = button(l10n.t('Run'), 'secondary', { id: 'run' }, () => host.notify('run', undefined));
  const more = menu('more', l10n.t('More'), [
    { id: 'copy-table', label: l10n.t('Copy the changes'), choose: copyTable },
    { id: 'export-check', label: l10n.t('Export PyTorch check…'), choose: exportCheck },
    { id: 'open-results', label: l10n.t('Open PyTorch results…'), choose: () => host.notify('openResults', undefined) },
    { id: 'export-png', label: l10n.t('Save the plots as PNG…'), choose: () => save('png') },
    { id: 'export-svg', label: l10n.t('Save the plots as SVG…'), choose: () => save('svg') },
    { id: 'export-csv', label: l10n.t('Save the numbers as CSV…'), choose: () => save('csv') },
  ]);

  function exportCheck(): void {
    if (shown?.current) host.notify('exportCheck', shown.current);
  }
  function copyTable(): void {
    if (!shown) return;
    const { changes, target } = shown.view;
    host.notify('copy', { text: changesAsTsv(changes, target.alpha), what: l10n.t('The table of changes') });
  }
  /** An error becomes an unhandled rejection, which reaches the extension's log. */
  function save(kind: 'png' | 'svg' | 'csv'): void {
    if (!shown?.curves) return;
    const { view, drawn: run, curves } = shown;
    const svg = (): string => runAsSvg({ ...view, run }, curves.losses, currentTheme());
    const data = kind === 'csv' ? runAsCsv(run.curves, curves.losses) : kind === 'svg' ? svg() : svgAsPng(svg());
    void Promise.resolve(data).then((text) => host.notify('save', { kind, data: text }));
  }

  return {
    element: h(
      'div.actions',
      { role: 'group', 'aria-label': l10n.t('Actions') },
      apply,
      copy,
      h('span.push'),
      run,
      more.element,
    ),
    draw(next) {
      shown = next;
      const { view, drawn, curves, current } = next;
      const { state } = view.run;
      apply.disabled = !view.canApply || view.proposal !== null;
      // Where nothing may be written (a trained adapter, a value in a variable), the banner says why.
      setAttribute(apply, 'hidden', view.applied !== null || view.locked !== null);
      copy.disabled = current === null;
      setAttribute(copy, 'hidden', view.code === null);
      const hasCurves = curves !== null && curves.id === drawn.id && stepsOf(curves) > 0 && !drawn.stale;
      more.enable({
        'copy-table': current !== null && view.changes.length > 0,
        'export-check': current !== null && view.changes.length > 0 && view.file.state === 'ok',
        'export-png': hasCurves,
        'export-svg': hasCurves,
        'export-csv': hasCurves,
      });
      run.disabled = current === null || state === 'running' || view.refusal !== null || view.file.state !== 'ok';
      setText(run, state === 'none' ? l10n.t('Run') : l10n.t('Run again'));
      // One button stands out: look first, then write.
      const untried = state === 'none' && !run.disabled;
      run.appearance = untried ? 'primary' : 'secondary';
      apply.appearance = untried ? 'secondary' : 'primary';
    },
  };
}
