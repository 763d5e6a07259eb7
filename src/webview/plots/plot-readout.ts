import * as l10n from '@vscode/l10n';
import { listedOf, type Chart } from '../../plot/chart';
import { curveStyle } from '../../plot/curve-style';
import type uPlot from 'uplot';
import { h } from '../page/dom';

/** A uPlot plugin: the values at the step under the pointer, beside it. */
export function readout(shown: () => Chart | null): uPlot.Plugin {
  const box = h('div', { class: 'readout', 'aria-hidden': 'true', hidden: true });
  return {
    hooks: {
      init: (chart) => {
        chart.over.append(box);
        chart.over.addEventListener('mouseleave', () => (box.hidden = true));
      },
      setCursor: (chart) => {
        const step = chart.cursor.idx;
        const drawn = shown();
        // The other plot's cursor moves along; the readout stays where the pointer is.
        box.hidden = !drawn || typeof step !== 'number' || !chart.over.matches(':hover');
        if (box.hidden || !drawn || typeof step !== 'number') return;
        box.replaceChildren(
          h('b', {}, l10n.t`step ${step}`),
          ...listedOf(drawn.lines).flatMap((line) => {
            const value = line.values[step];
            const text = value === undefined ? '–' : drawn.format(value);
            return [h('span', { class: `key ${curveStyle(line)}` }, line.label), h('span', {}, text)];
          }),
        );
        const left = chart.cursor.left ?? 0;
        const { width } = chart.over.getBoundingClientRect();
        const flip = left > width / 2;
        box.style.left = flip ? '' : `${left + 12}px`;
        box.style.right = flip ? `${width - left + 12}px` : '';
      },
    },
  };
}
