import * as l10n from '@vscode/l10n';
import type uPlot from 'uplot';
import type { Chart } from '../../plot/chart/chart';
import { setAttribute } from '../page/dom';
import { valuesAt } from './plot-readout';

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

/** The window after a key that zooms; undefined for other keys. */
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
