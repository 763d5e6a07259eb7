import * as l10n from '@vscode/l10n';
import type { PanelView, TargetChoice } from '../../messages/panel';
import { alphaError, nearestAlpha, parsePositive } from '../../recipe/target';
import { numberLabel } from '../../recipe/notation';
import {
  OCTAVES,
  type TargetMode,
  alphaAtOctave,
  alphaOfField,
  choiceOf,
  fieldValue,
  markLabel,
  modeOf,
  modesOf,
  octaveMarks,
  octaveOf,
  steppedAlpha,
  unitsPerAlpha,
} from './live-view';
import { choiceRow } from '../page/choices';
import { type Component, debounced, h, section, setAttribute, setText } from '../page/dom';
import { textField } from '../page/toolkit';

/** Milliseconds without a change until the host hears of the new target. */
const PAUSE = 100;

interface TargetPart extends Component<PanelView> {
  choice(): TargetChoice | null;
  /** Says how much the scaling grows; null where no target is known. */
  factor(k: number | null): void;
}

/**
 * The target: an alpha, a scaling, or an alpha under the other scaling rule. A field, a logarithmic slider, and the steps
 * that people take most.
 * @param onTarget hears of a new target once nothing changes for a moment
 * @param onField hears at once when the field holds something else
 */
export function target(onTarget: (choice: TargetChoice) => void, onField: () => void): TargetPart {
  let view: PanelView | null = null;
  let mode: TargetMode = 'alpha';
  let held: TargetChoice | null = null;
  /** What the host was told, and has not answered for. */
  let asked: TargetChoice | null = null;
  const tell = debounced((choice: TargetChoice) => {
    if (asked === null && isShown(choice, view)) return;
    asked = choice;
    onTarget(choice);
  }, PAUSE);

  const modes = choiceRow(
    {
      kind: 'radio',
      group: { class: 'segments', 'aria-label': l10n.t('What to change') },
      item: (index) => ({ id: `mode-${index}` }),
    },
    (index) => {
      const { recipe } = view ?? {};
      const chosen = recipe && modesOf(recipe)[index];
      if (!chosen) return;
      mode = chosen.mode;
      drawModes();
      choose(held?.alpha ?? recipe.alpha);
      field.focus();
    },
  );
  const from = h('span.muted');
  const field = textField({ id: 'target', spellcheck: 'false' }, (text) => typed(text));
  const factor = h('span.muted.factor');
  const error = h('p.field-error', { id: 'target-error', role: 'alert', hidden: true });
  const assumed = h('p.muted.note', { hidden: true });
  const slider = logSlider((octave) => {
    if (view?.recipe) choose(alphaAtOctave(octave, view.recipe.alpha));
  });
  const chips = targetChips(() => ({ alpha: held?.alpha ?? view?.target.alpha, rank: view?.recipe?.rank }), choose);
  const value = h('span.target-value', from, h('span.muted', { 'aria-hidden': 'true' }, '→'), field);
  const heading = h('h2.hidden-text', l10n.t('Target'));
  const parts = [h('div.target', modes.element, value), error, slider.element, h('div.chip-row', chips, factor)];
  const element = section('s-target', 'target', heading, ...parts, assumed);

  field.addEventListener('change', () => tell.now());
  field.addEventListener('keydown', (event) => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : null;
    if (direction === null || !held) return;
    event.preventDefault();
    choose(event.shiftKey ? held.alpha * 2 ** direction : steppedAlpha(held.alpha, direction));
  });
  function typed(text: string): void {
    const { recipe } = view ?? {};
    if (!recipe) return;
    const parsed = parsePositive(text, fieldValue(recipe, mode, 2 * recipe.alpha));
    const alpha = 'value' in parsed ? alphaOfField(recipe, mode, parsed.value) : NaN;
    const wrong = 'error' in parsed ? parsed.error : alphaError(alpha, recipe.wholeAlpha ? recipe.trainer : null);
    complain(wrong);
    held = wrong === '' ? choiceOf(recipe, mode, alpha) : null;
    if (held) {
      slide(alpha);
      tell(held);
    } else tell.cancel();
    onField();
  }
  function choose(alpha: number): void {
    const { recipe } = view ?? {};
    if (!recipe) return;
    field.value = String(fieldValue(recipe, mode, nearestAlpha(alpha, recipe.wholeAlpha)));
    typed(field.value);
  }
  function show({ recipe, target }: PanelView): void {
    if (!recipe) return;
    mode = modeOf(recipe, target.scalingRule, mode);
    field.value = String(fieldValue(recipe, mode, target.alpha));
    held = choiceOf(recipe, mode, target.alpha);
    asked = null;
    complain('');
  }
  function slide(alpha: number): void {
    const { recipe } = view ?? {};
    if (!recipe) return;
    const { alpha: base } = recipe;
    slider.draw({ base, octave: octaveOf(alpha, base), alpha, units: unitsPerAlpha(recipe, mode) });
  }
  function complain(text: string): void {
    setText(error, text);
    setAttribute(error, 'hidden', text === '');
    setAttribute(field, 'aria-invalid', text === '' ? null : 'true');
    field.classList.toggle('invalid', text !== '');
  }
  function drawModes(): void {
    const { recipe } = view ?? {};
    if (!recipe) return;
    const all = modesOf(recipe);
    const chosen = all.findIndex((each) => each.mode === mode);
    modes.draw({ names: all.map(({ label }) => label), chosen });
    setText(from, String(fieldValue(recipe, mode, recipe.alpha)));
    const inFile =
      recipe.alphaAssumed === '' ? l10n.t`${recipe.alphaKey} in the file` : l10n.t`default of ${recipe.alphaKey}`;
    setAttribute(from, 'title', mode === 'scaling' ? l10n.t('scaling now') : inFile);
    setAttribute(field, 'aria-label', mode === 'scaling' ? l10n.t('Target scaling') : l10n.t('Target alpha'));
  }

  return {
    element,
    draw(next) {
      const moved = !isSame(next, view);
      const isSameNetwork = next.recipe?.network === view?.recipe?.network;
      const isUnanswered = held !== null && !isShown(held, next) && (asked !== null || !isShown(held, view));
      if (asked && isShown(asked, next)) asked = null;
      view = next;
      const { recipe, target } = next;
      setText(assumed, recipe?.alphaAssumed ?? '');
      setAttribute(assumed, 'hidden', !recipe?.alphaAssumed);
      // An answer for an earlier target leaves what was typed or dragged since; so does a text that is no target.
      const isTyped = isSameNetwork && (isUnanswered || error.hidden !== true);
      if (moved && !isTyped) show(next);
      drawModes();
      slide(held?.alpha ?? target.alpha);
    },
    factor: (k) => setText(factor, k === null ? '' : `k = ${numberLabel(k)}`),
    choice: () => held,
  };
}

/** Whether a view is about this target. */
export function isShown({ alpha, rslora }: TargetChoice, view: PanelView | null): boolean {
  if (!view?.recipe || view.target.alpha !== alpha) return false;
  const rule = rslora === undefined ? view.recipe.scalingRule : rslora ? 'rslora' : 'standard';
  return rule === view.target.scalingRule;
}

function isSame(one: PanelView, other: PanelView | null): boolean {
  const key = (view: PanelView): string => JSON.stringify([view.target, view.recipe?.alpha, view.recipe?.network]);
  return other !== null && key(one) === key(other);
}

interface Now {
  alpha: number | undefined;
  rank: number | undefined;
}

const CHIPS: readonly (readonly [id: string, label: string, says: string, alpha: (now: Now) => number | undefined])[] =
  [
    ['chip-half', '½×', l10n.t('Halve alpha'), ({ alpha }) => alpha && alpha / 2],
    ['chip-double', '2×', l10n.t('Double alpha'), ({ alpha }) => alpha && alpha * 2],
    ['chip-quadruple', '4×', l10n.t('Four times alpha'), ({ alpha }) => alpha && alpha * 4],
    ['chip-rank', 'α = r', l10n.t('Set alpha to the rank'), ({ rank }) => rank],
  ];

/** Buttons for the steps that people take most. */
function targetChips(now: () => Now, choose: (alpha: number) => void): HTMLElement {
  const chips = CHIPS.map(([id, label, title, alpha]) => {
    const onclick = (): void => {
      const next = alpha(now());
      if (next !== undefined) choose(next);
    };
    return h('button.chip', { id, title, 'aria-label': `${label}: ${title.toLowerCase()}`, onclick }, label);
  });
  return h('div.chips', ...chips);
}

/** How far a key moves, in octaves: a keyboard user means the next mark, not a hundredth of an octave. */
const LEAPS: Readonly<Record<string, number>> = {
  ...{ ArrowUp: 0.25, ArrowRight: 0.25, PageUp: 1 },
  ...{ ArrowDown: -0.25, ArrowLeft: -0.25, PageDown: -1 },
};

interface SliderView {
  base: number;
  /** The thumb's place, in octaves from the middle. */
  octave: number;
  /** The alpha of the thumb; may be beyond the slider's ends. */
  alpha: number;
  units: number;
}

/** A slider that doubles alpha with every mark. */
function logSlider(onOctave: (octave: number) => void): Component<SliderView> {
  const onkeydown = (event: KeyboardEvent): void => {
    const leap = LEAPS[event.key];
    if (leap === undefined) return;
    event.preventDefault();
    const next = Math.round(Number(input.value) * 4) / 4 + leap;
    onOctave(Math.min(OCTAVES, Math.max(-OCTAVES, next)));
  };
  const range = { type: 'range', min: -OCTAVES, max: OCTAVES, step: 0.01, value: 0 };
  const named = { id: 'target-slider', 'aria-label': l10n.t('Target, logarithmic') };
  const input = h('input', { ...named, ...range, oninput: () => onOctave(Number(input.value)), onkeydown });
  const marks = h('div.marks.muted', { 'aria-hidden': 'true' });
  let shown = '';
  return {
    element: h('div.slider', input, marks),
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
