import * as l10n from '@vscode/l10n';
import type uPlot from 'uplot';
import { BAND_LABEL, listedOf, type Chart } from '../../plot/chart/chart';
import { curveStyle } from '../../plot/style/curve-style';
import { h } from '../page/dom';

/** The value of a curve at a step, as text. */
interface ReadValue {
  label: string;
  text: string;
  style: string;
}

/** The values at a step, the largest first. */
export function valuesAt({ lines, band, format }: Chart, step: number): ReadValue[] {
  const read = [
    ...listedOf(lines).map((line) => ({ label: line.label, style: curveStyle(line), value: line.values[step] })),
    ...(band.length > 0 ? [{ label: BAND_LABEL, style: 'band', value: band[step] }] : []),
  ];
  return read
    .toSorted((one, other) => (other.value ?? -Infinity) - (one.value ?? -Infinity))
    .map(({ label, style, value }) => ({
      label,
      style,
      text: value === undefined || Number.isNaN(value) ? '–' : format(value),
    }));
}

/** A uPlot plugin: shows the values at the cursor's step, beside the cursor of the pointer or of the keyboard. */
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
        const left = chart.cursor.left ?? -1;
        const drawn = shown();
        // The other plot's cursor moves along; the readout stays with the pointer or the focus.
        const isMine = chart.over.matches(':hover') || chart.root.parentElement === document.activeElement;
        box.hidden = !drawn || typeof step !== 'number' || left < 0 || !isMine;
        if (box.hidden || !drawn || typeof step !== 'number') return;
        box.replaceChildren(
          h('b', {}, l10n.t`step ${step}`),
          ...valuesAt(drawn, step).flatMap(({ label, style, text }) => [
            h('span', { class: `curve ${style}` }, label),
            h('span', {}, text),
          ]),
        );
        const { width } = chart.over.getBoundingClientRect();
        const flip = left > width / 2;
        box.style.left = flip ? '' : `${left + 12}px`;
        box.style.right = flip ? `${width - left + 12}px` : '';
      },
    },
  };
}
