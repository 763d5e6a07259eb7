import * as l10n from '@vscode/l10n';
import type uPlot from 'uplot';
import { BAND_LABEL, type Chart, listedOf } from '../../plot/chart';
import { curveStyle } from '../../plot/style';
import { drawChildren, elementOf, h } from '../page/dom';

type Window = readonly [first: number, last: number];

/**
 * Keyboard for a plot: the arrows move the cursor by a step, with Shift by ten, Home and End go to the ends, + zooms in,
 * − and Escape show all steps. To a screen reader the plot is a slider over the steps.
 * @returns brings the slider's values up to date with what is drawn
 */
export function cursorKeys(
  canvas: HTMLElement,
  drawn: () => { shown: Chart; chart: uPlot } | null,
  zoom: (window: Window | null) => void,
): () => void {
  let step: number | null = null;
  const within = ([first, last]: Window, at: number): number => Math.min(last, Math.max(first, at));
  const say = (): void => {
    const { shown } = drawn() ?? {};
    if (!shown) return;
    const [first, last] = windowOf(shown);
    const at = within([first, last], step ?? last);
    const values = valuesAt(shown, at).map(({ label, text }) => `${label} ${text}`);
    const words = step === null ? shown.describe() : `${nameOf(shown, at)}: ${values.join(', ')}`;
    const said = { valuemin: first, valuemax: last, valuenow: at, valuetext: words };
    for (const [name, value] of Object.entries(said)) canvas.setAttribute(`aria-${name}`, String(value));
  };
  canvas.addEventListener('keydown', (event) => {
    const now = drawn();
    if (!now) return;
    const { shown, chart } = now;
    const window = windowOf(shown);
    const at = within(window, step ?? window[1]);
    const windowed = shown.x ? undefined : zoomed(event.key, window, at);
    const next = movedTo(event.key, at, event.shiftKey ? 10 : 1, window);
    if (windowed !== undefined) zoom(windowed);
    else if (next === null) return;
    else {
      step = within(window, next);
      chart.setCursor({ left: chart.valToPos(shown.x?.at[step] ?? step, 'x'), top: 10 });
      say();
    }
    event.preventDefault();
  });
  canvas.addEventListener('blur', () => drawn()?.chart.setCursor({ left: -10, top: -10 }));
  return say;
}

/** The first and the last step, or point, that is shown. */
const windowOf = ({ window, x }: Chart): Window => (x ? [0, x.at.length - 1] : window);

const nameOf = ({ x }: Chart, at: number): string =>
  x ? (x.names?.[at] ?? `${x.title} ${x.labels[at] ?? ''}`) : l10n.t`step ${at}`;

function movedTo(key: string, at: number, by: number, [first, last]: Window): number | null {
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.round(at) + by;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.round(at) - by;
  return key === 'Home' ? Math.ceil(first) : key === 'End' ? Math.floor(last) : null;
}

/** The steps to be shown; null for all of them, undefined where the key does not zoom. */
function zoomed(key: string, [first, last]: Window, at: number): Window | null | undefined {
  if (key === 'Escape' || key === '-') return null;
  if (key !== '+' && key !== '=') return undefined;
  const half = Math.max(2, Math.round((last - first) / 4));
  return [Math.max(first, at - half), Math.min(last, at + half)];
}

/** The values at a step, the largest first. */
function valuesAt({ lines, band, format }: Chart, step: number): { label: string; style: string; text: string }[] {
  const read = [
    ...listedOf(lines).map((line) => ({ label: line.label, style: curveStyle(line), value: line.values[step] ?? NaN })),
    ...(band.length > 0 ? [{ label: BAND_LABEL, style: 'band', value: band[step] ?? NaN }] : []),
  ];
  const rankOf = (value: number): number => (Number.isNaN(value) ? -Infinity : value);
  return read
    .toSorted((one, other) => rankOf(other.value) - rankOf(one.value))
    .map(({ label, style, value }) => ({ label, style, text: Number.isNaN(value) ? '–' : format(value) }));
}

/** A uPlot plugin: shows the values at the cursor's step, beside the cursor of the pointer or of the keyboard. */
export function readout(shown: () => Chart | null): uPlot.Plugin {
  const box = elementOf(h('div.readout', { 'aria-hidden': 'true' }));
  box.hidden = true;
  return {
    hooks: {
      init: ({ over }) => {
        over.append(box);
        over.addEventListener('mouseleave', () => (box.hidden = true));
      },
      setCursor: ({ over, root, cursor: { idx: step, left = -1 } }) => {
        const drawn = shown();
        // The other plot's cursor moves along; the readout stays with the pointer or the focus.
        const isMine = over.matches(':hover') || root.parentElement === document.activeElement;
        box.hidden = true;
        if (!drawn || typeof step !== 'number' || left < 0 || !isMine) return;
        box.hidden = false;
        const values = valuesAt(drawn, step).flatMap(({ label, style, text }) => [
          h('span', { class: `curve ${style}` }, label),
          h('span', text),
        ]);
        drawChildren(box, [h('b', nameOf(drawn, step)), ...values]);
        const { width } = over.getBoundingClientRect();
        const flip = left > width / 2;
        box.style.left = flip ? '' : `${left + 12}px`;
        box.style.right = flip ? `${width - left + 12}px` : '';
      },
    },
  };
}
