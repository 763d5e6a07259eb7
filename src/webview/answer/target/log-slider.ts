import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../../recipe/notation';
import { markLabel, OCTAVES, octaveMarks } from './alpha-scale';
import { h, setAttribute, type Component } from '../../page/dom';

interface SliderView {
  /** The alpha in the middle. */
  base: number;
  /** The thumb's place, in octaves from the middle. */
  octave: number;
  /** The alpha of the thumb; may be beyond the slider's ends. */
  alpha: number;
  /** What the marks say for an alpha of 1. */
  units: number;
}

/** A slider that doubles alpha with every mark. */
export function logSlider(onOctave: (octave: number) => void): Component<SliderView> {
  const input = h('input', {
    id: 'target-slider',
    type: 'range',
    min: -OCTAVES,
    max: OCTAVES,
    step: 0.01,
    value: 0,
    'aria-label': l10n.t('Target, logarithmic'),
  });
  const marks = h('div', { class: 'marks muted', 'aria-hidden': 'true' });
  let shown = '';
  input.addEventListener('input', () => onOctave(Number(input.value)));
  // A keyboard user means the next mark, not a hundredth of an octave.
  input.addEventListener('keydown', (event) => {
    const leap = { ArrowUp: 0.25, ArrowRight: 0.25, ArrowDown: -0.25, ArrowLeft: -0.25, PageUp: 1, PageDown: -1 }[
      event.key
    ];
    if (leap === undefined) return;
    event.preventDefault();
    const next = Math.round(Number(input.value) * 4) / 4 + leap;
    onOctave(Math.min(OCTAVES, Math.max(-OCTAVES, next)));
  });
  return {
    element: h('div', { class: 'slider' }, input, marks),
    draw(view) {
      const middle = view.base * view.units;
      if (shown !== String(middle)) {
        shown = String(middle);
        marks.replaceChildren(...octaveMarks(middle).map(({ octave, value }) => mark(octave, value)));
      }
      input.value = String(view.octave);
      setAttribute(input, 'aria-valuetext', numberLabel(view.alpha * view.units));
      input.style.setProperty('--filled', String(fraction(view.octave)));
    },
  };
}

function mark(octave: number, value: number): HTMLElement {
  const element = h('span', { class: octave === 0 ? 'mark now' : 'mark' }, markLabel(value));
  element.style.setProperty('--at', String(fraction(octave)));
  return element;
}

/** 0 at the left end, 1 at the right. */
function fraction(octave: number): number {
  return (octave + OCTAVES) / (2 * OCTAVES);
}
