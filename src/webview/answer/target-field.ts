import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { alphaAtOctave, octaveOf, parseAlpha, steppedAlpha } from './alpha-scale';
import { debounced } from '../page/debounce';
import { h, setAttribute, setText, type Component } from '../page/dom';
import { logSlider } from './log-slider';
import { textField } from '../page/toolkit';

/** Milliseconds without typing until the host hears of the new target. */
const TYPING_PAUSE = 150;

interface TargetPart extends Component<PanelView> {
  /** The alpha in the field; null where it holds none. */
  alpha(): number | null;
}

/**
 * Which alpha? A field, a logarithmic slider, and the steps people take most.
 * @param onAlpha hears of a new target once typing pauses
 * @param onField hears at once when the field holds something else
 */
export function target(onAlpha: (alpha: number) => void, onField: () => void): TargetPart {
  let view: PanelView | null = null;
  let held: number | null = null;
  const tell = debounced((alpha: number) => {
    if (alpha !== view?.target.alpha) onAlpha(alpha);
  }, TYPING_PAUSE);

  const from = h('span', { class: 'muted' });
  const field = textField({ id: 'target', 'aria-label': l10n.t('Target alpha'), spellcheck: 'false' }, (text) =>
    typed(text),
  );
  const factor = h('span', { class: 'muted factor' });
  const error = h('p', { class: 'field-error', id: 'target-error', role: 'alert', hidden: true });
  const assumed = h('p', { class: 'muted note', hidden: true });

  const slider = logSlider((octave) => {
    if (view?.recipe) choose(alphaAtOctave(octave, view.recipe.alpha));
  });
  const chip = (id: string, label: string, says: string, alpha: (view: PanelView) => number): HTMLElement => {
    const element = h(
      'button',
      { id, class: 'chip', type: 'button', title: says, 'aria-label': `${label}: ${says.toLowerCase()}` },
      label,
    );
    element.addEventListener('click', () => view && choose(alpha(view)));
    return element;
  };
  const element = h(
    'section',
    { class: 's-target', 'aria-labelledby': 'target-heading' },
    h('h2', { id: 'target-heading' }, l10n.t('Target alpha')),
    h('div', { class: 'target' }, from, h('span', { class: 'muted', 'aria-hidden': 'true' }, '→'), field, factor),
    error,
    slider.element,
    h(
      'div',
      { class: 'chips' },
      chip('chip-half', '½×', l10n.t('Halve alpha'), (now) => now.target.alpha / 2),
      chip('chip-double', '2×', l10n.t('Double alpha'), (now) => now.target.alpha * 2),
      chip('chip-quadruple', '4×', l10n.t('Four times alpha'), (now) => now.target.alpha * 4),
      chip('chip-rank', 'α = r', l10n.t('Set alpha to the rank'), (now) => now.recipe?.rank ?? now.target.alpha),
    ),
    assumed,
  );

  field.addEventListener('change', () => tell.now());
  field.addEventListener('keydown', (event) => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : null;
    const now = parseAlpha(field.value);
    if (direction === null || 'error' in now) return;
    event.preventDefault();
    choose(event.shiftKey ? now.alpha * 2 ** direction : steppedAlpha(now.alpha, direction));
  });
  function typed(text: string): void {
    const result = parseAlpha(text);
    complain('error' in result ? result.error : '');
    held = 'alpha' in result ? result.alpha : null;
    if (held === null) tell.cancel();
    else {
      slide(held);
      tell(held);
    }
    onField();
  }
  function choose(alpha: number): void {
    field.value = String(alpha);
    typed(field.value);
  }
  function show(alpha: number): void {
    field.value = String(alpha);
    held = alpha;
    complain('');
    slide(alpha);
  }
  function slide(alpha: number): void {
    const base = view?.recipe?.alpha;
    if (base !== undefined) slider.draw({ base, octave: octaveOf(alpha, base), alpha });
  }
  function complain(text: string): void {
    setText(error, text);
    setAttribute(error, 'hidden', text === '');
    setAttribute(field, 'aria-invalid', text === '' ? null : 'true');
    field.classList.toggle('invalid', text !== '');
  }

  return {
    element,
    draw(next) {
      const moved = next.target.alpha !== view?.target.alpha || next.recipe?.alpha !== view.recipe?.alpha;
      view = next;
      const {
        recipe,
        target: { alpha, k },
      } = next;
      setText(from, recipe ? String(recipe.alpha) : '');
      setAttribute(from, 'title', recipe ? l10n.t`${recipe.alphaKey} in the file` : null);
      setText(assumed, recipe?.alphaAssumed ?? '');
      setAttribute(assumed, 'hidden', !recipe?.alphaAssumed);
      // What is being typed belongs to the user until the host has taken it over.
      if (moved && held !== alpha) show(alpha);
      else slide(held ?? alpha);
      setText(factor, held === alpha ? `k = ${numberLabel(k)}  ·  √k = ${numberLabel(Math.sqrt(k))}` : '');
    },
    alpha: () => held,
  };
}
