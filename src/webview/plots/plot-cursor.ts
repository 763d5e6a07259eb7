import * as l10n from '@vscode/l10n';
import type uPlot from 'uplot';
import { BAND_LABEL, type Chart, listedOf } from '../../plot/chart';
import { curveStyle } from '../../plot/style';
import { h, setAttribute } from '../page/dom';

interface Drawn {
  shown: Chart;
  chart: uPlot;
}

/**
 * Keyboard for a plot: the arrows move the cursor by a step, with Shift by ten, Home and End go to the ends, + zooms in,
 * − and Escape show all steps. To a screen reader the plot is a slider over the steps.
 * @returns brings the slider's values up to date with what is drawn
 */
export function cursorKeys(
  canvas: HTMLElement,
  drawn: () => Drawn | null,
  zoom: (window: readonly [number, number] | null) => void,
): () => void {
  let step: number | null = null;
  const say = (): void => {
    const now = drawn();
    if (!now) return;
    const [first, last] = now.shown.window;
    const at = Math.min(last, Math.max(first, step ?? last));
    const values = valuesAt(now.shown, at).map(({ label, text }) => `${label} ${text}`);
    setAttribute(canvas, 'aria-valuemin', first);
    setAttribute(canvas, 'aria-valuemax', last);
    setAttribute(canvas, 'aria-valuenow', at);
    const words = step === null ? now.shown.describe() : `${l10n.t`step ${at}`}: ${values.join(', ')}`;
    setAttribute(canvas, 'aria-valuetext', words);
  };
  canvas.addEventListener('keydown', (event) => {
    const now = drawn();
    if (!now) return;
    const { shown, chart } = now;
    const [first, last] = shown.window;
    const at = Math.min(last, Math.max(first, step ?? last));
    const windowed = zoomed(event.key, shown.window, at);
    if (windowed !== undefined) zoom(windowed);
    else {
      const next = movedTo(event.key, at, event.shiftKey ? 10 : 1, shown.window);
      if (next === null) return;
      step = Math.min(last, Math.max(first, next));
      chart.setCursor({ left: chart.valToPos(step, 'x'), top: 10 });
      say();
    }
    event.preventDefault();
  });
  canvas.addEventListener('blur', () => drawn()?.chart.setCursor({ left: -10, top: -10 }));
  return say;
}

function movedTo(key: string, at: number, by: number, [first, last]: readonly [number, number]): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.round(at) + by;
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.round(at) - by;
    case 'Home':
      return Math.ceil(first);
    case 'End':
      return Math.floor(last);
    default:
      return null;
  }
}

function zoomed(
  key: string,
  [first, last]: readonly [number, number],
  at: number,
): readonly [number, number] | null | undefined {
  if (key === 'Escape' || key === '-') return null;
  if (key !== '+' && key !== '=') return undefined;
  const half = Math.max(2, Math.round((last - first) / 4));
  return [Math.max(first, at - half), Math.min(last, at + half)];
}

interface ReadValue {
  label: string;
  text: string;
  style: string;
}

/** The values at a step, the largest first. */
function valuesAt({ lines, band, format }: Chart, step: number): ReadValue[] {
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
  const box = h('div.readout', { 'aria-hidden': 'true', hidden: true });
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
          h('b', l10n.t`step ${step}`),
          ...valuesAt(drawn, step).flatMap(({ label, style, text }) => [
            h('span', { class: `curve ${style}` }, label),
            h('span', text),
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
