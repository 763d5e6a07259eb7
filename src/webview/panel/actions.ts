import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { h, setAttribute, setText, type Component } from '../page/dom';
import { runAsCsv } from '../plots/export-csv';
import { runAsSvg, svgAsPng } from '../plots/export-picture';
import type { Host } from './host';
import { menu } from '../page/menu';
import { stepsOf, type RunCurves } from './run-store';
import { currentTheme } from '../plots/theme';
import { button } from '../page/toolkit';

interface ActionsView {
  view: PanelView;
  curves: RunCurves | null;
  /** Whether the view is about the alpha in the field. */
  isCurrent: boolean;
}

/** What can be done with the answer: write it, copy the code, export the curves, run again. */
export function actions(host: Host): Component<ActionsView> {
  let shown: ActionsView | null = null;
  const apply = button(l10n.t('Apply to file…'), 'primary', { id: 'apply' }, () => {
    if (shown?.isCurrent) host.notify('apply', { alpha: shown.view.target.alpha });
  });
  const copy = button(l10n.t('Copy code'), 'secondary', { id: 'copy-code' }, () => {
    const text = shown?.view.code;
    if (text) host.notify('copy', { text, what: l10n.t('The init code') });
  });
  const run = button(l10n.t('Run'), 'secondary', { id: 'run' }, () => host.notify('run', undefined));
  const exports = menu('export', l10n.t('Export'), [
    { id: 'export-png', label: l10n.t('Picture (PNG)'), choose: () => save('png', (svg) => svgAsPng(svg())) },
    { id: 'export-svg', label: l10n.t('Drawing (SVG)'), choose: () => save('svg', (svg) => svg()) },
    { id: 'export-csv', label: l10n.t('Numbers (CSV)'), choose: () => save('csv', (_, csv) => csv()) },
  ]);
  const summary = h('span', { class: 'muted', id: 'run-summary' });

  /** Whatever goes wrong becomes an unhandled rejection, which reaches the extension's log. */
  function save(
    kind: 'png' | 'svg' | 'csv',
    make: (svg: () => string, csv: () => string) => string | Promise<string>,
  ): void {
    if (!shown?.curves) return;
    const { view, curves } = shown;
    const drawn = [view.run.curves, curves.losses] as const;
    void Promise.resolve(
      make(
        () => runAsSvg(...drawn, currentTheme()),
        () => runAsCsv(...drawn),
      ),
    ).then((data) => host.notify('save', { kind, data }));
  }

  return {
    element: h(
      'div',
      { class: 'actions', role: 'group', 'aria-label': l10n.t('Actions') },
      apply,
      copy,
      exports.element,
      summary,
      run,
    ),
    draw(next) {
      shown = next;
      const { view, curves, isCurrent } = next;
      const { state } = view.run;
      apply.disabled = !view.canApply;
      setAttribute(apply, 'title', view.locked);
      copy.disabled = !isCurrent;
      setAttribute(copy, 'hidden', view.code === null);
      exports.trigger.disabled = curves?.id !== view.run.id || stepsOf(curves) === 0;
      run.disabled = !isCurrent || state === 'running' || view.refusal !== null || view.file.state !== 'ok';
      setText(run, state === 'none' ? l10n.t('Run') : l10n.t('Run again'));
      // One button stands out: look first, then write.
      const untried = state === 'none' && !run.disabled;
      setAttribute(run, 'appearance', untried ? 'primary' : 'secondary');
      setAttribute(apply, 'appearance', untried ? 'secondary' : 'primary');
      setText(summary, view.run.summary);
    },
  };
}
