import * as l10n from '@vscode/l10n';
import { BAND_LABEL, FURTHER_LABEL } from '../../plot/chart';
import { curveStyle } from '../../plot/curve-style';
import type { Curve } from '../../experiment/words/curves';
import { h, type Component } from '../page/dom';

interface LegendView {
  /** Of the first draw. */
  curves: readonly Curve[];
  /** Thin lines of other draws stand behind them. */
  further: boolean;
  hidden: ReadonlySet<string>;
  band: boolean;
}

/** The curves by name; a click takes one out of the plots or puts it back. */
export function legend(onToggle: (name: string) => void): Component<LegendView> {
  const element = h('div', { class: 'legend' });
  let shape = '';
  return {
    element,
    draw({ curves, further, hidden, band }) {
      const next = JSON.stringify([curves, further, [...hidden], band]);
      if (next === shape) return;
      shape = next;
      const focused = [...element.children].indexOf(document.activeElement ?? element);
      element.replaceChildren(
        ...curves.map((curve) => entry(curve, !hidden.has(curve.name), onToggle)),
        ...(further ? [h('span', { class: 'further' }, FURTHER_LABEL)] : []),
        ...(band ? [h('span', { class: 'band' }, BAND_LABEL)] : []),
      );
      const again = element.children[focused];
      if (again instanceof HTMLElement) again.focus();
    },
  };
}

function entry({ name, label, role }: Curve, shown: boolean, onToggle: (name: string) => void): HTMLElement {
  const element = h(
    'button',
    {
      type: 'button',
      class: `key ${curveStyle({ name, role })}`,
      'aria-pressed': String(shown),
      title: shown ? l10n.t('Hide') : l10n.t('Show'),
    },
    label,
  );
  element.addEventListener('click', () => onToggle(name));
  return element;
}
