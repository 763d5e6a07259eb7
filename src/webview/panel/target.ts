import * as l10n from '@vscode/l10n';
import type { PanelView, RecipeView, TargetChoice } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { alphaError, nearestAlpha, parsePositive } from '../../recipe/target';
import { choiceRow } from '../page/choices';
import { debounced, h, type Html, section, unlessEmpty } from '../page/dom';
import { textField } from '../page/toolkit';
import { OCTAVES, type TargetMode, alphaAtOctave, alphaOfField, choiceOf, fieldValue, markLabel } from './live-view';
import { modeOf, modesOf, octaveMarks, octaveOf, ruleOf, steppedAlpha, unitsPerAlpha } from './live-view';

/** Milliseconds without a change until the host hears of the new target. */
const PAUSE = 100;

/**
 * The target: an alpha, a scaling, or an alpha under the other scaling rule. A field, a logarithmic slider, and the steps
 * that people take most.
 * @param onTarget hears of a new target once nothing changes for a moment
 * @param onField hears at once when the field holds something else
 */
export function target(onTarget: (choice: TargetChoice) => void, onField: () => void) {
  let view: PanelView | null = null;
  let mode: TargetMode = 'alpha';
  /** The field's text, and what is wrong with it. */
  let [text, wrong] = ['', ''];
  let held: TargetChoice | null = null;
  /** What the host was told, and has not answered for. */
  let asked: TargetChoice | null = null;
  const tell = debounced((choice: TargetChoice) => {
    if (asked === null && isShown(choice, view)) return;
    asked = choice;
    onTarget(choice);
  }, PAUSE);

  function typed(recipe: RecipeView, words: string): void {
    text = words;
    const parsed = parsePositive(text, fieldValue(recipe, mode, 2 * recipe.alpha));
    const alpha = 'value' in parsed ? alphaOfField(recipe, mode, parsed.value) : NaN;
    wrong = 'error' in parsed ? parsed.error : alphaError(alpha, recipe.wholeAlpha ? recipe.trainer : null);
    held = wrong === '' ? choiceOf(recipe, mode, alpha) : null;
    if (held) tell(held);
    else tell.cancel();
    onField();
  }
  const choose = (recipe: RecipeView, alpha: number): void =>
    typed(recipe, String(fieldValue(recipe, mode, nearestAlpha(alpha, recipe.wholeAlpha))));

  function fieldOf(recipe: RecipeView): Html {
    const onkeydown = (event: KeyboardEvent): void => {
      const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : null;
      if (direction === null || !held) return;
      event.preventDefault();
      choose(recipe, event.shiftKey ? held.alpha * 2 ** direction : steppedAlpha(held.alpha, direction));
    };
    const own = {
      id: 'target',
      class: wrong === '' ? null : 'invalid',
      spellcheck: 'false',
      value: text,
      'aria-label': mode === 'scaling' ? l10n.t('Target scaling') : l10n.t('Target alpha'),
      'aria-invalid': wrong === '' ? null : 'true',
      onchange: () => tell.now(),
      onkeydown,
    };
    return textField(own, (words) => typed(recipe, words));
  }

  function modesRow(recipe: RecipeView): Html {
    const all = modesOf(recipe);
    const group = { class: 'segments', 'aria-label': l10n.t('What to change') };
    const choices = all.map(({ label }, index) => ({ label, attributes: { id: `mode-${index}` } }));
    const chosen = all.findIndex((each) => each.mode === mode);
    return choiceRow({ kind: 'radio', group, choices, chosen }, (index) => {
      mode = all[index]?.mode ?? mode;
      choose(recipe, held?.alpha ?? recipe.alpha);
      document.getElementById('target')?.focus();
    });
  }

  return {
    /** Takes what the host says now. */
    take(next: PanelView): void {
      const moved = keyOf(next) !== keyOf(view);
      const isSameNetwork = next.recipe?.network === view?.recipe?.network;
      const isUnanswered = held !== null && !isShown(held, next) && (asked !== null || !isShown(held, view));
      if (asked && isShown(asked, next)) asked = null;
      view = next;
      // An answer for an earlier target leaves what was typed or dragged since; so does a text that is no target.
      const isTyped = isSameNetwork && (isUnanswered || wrong !== '');
      const { recipe, target: reached } = next;
      if (!recipe || !moved || isTyped) return;
      mode = modeOf(recipe, reached.scalingRule, mode);
      text = String(fieldValue(recipe, mode, reached.alpha));
      held = choiceOf(recipe, mode, reached.alpha);
      asked = null;
      wrong = '';
    },
    /** Null where the field holds no target. */
    choice: (): TargetChoice | null => held,
    /** @param k how much the scaling grows; null where no target is known */
    html({ recipe, target: reached }: PanelView, k: number | null): Html {
      if (!recipe) return section('section.s-target', 'target', l10n.t('Target'), {});
      const alpha = held?.alpha ?? reached.alpha;
      const key = recipe.alphaKey;
      const inFile = recipe.alphaAssumed === '' ? l10n.t`${key} in the file` : l10n.t`default of ${key}`;
      const from = h(
        'span.muted',
        { title: mode === 'scaling' ? l10n.t('scaling now') : inFile },
        String(fieldValue(recipe, mode, recipe.alpha)),
      );
      const arrow = h('span.muted', { 'aria-hidden': 'true' }, '→');
      return h(
        'section.s-target',
        { 'aria-labelledby': 'target-heading' },
        h('h2.hidden-text', { id: 'target-heading' }, l10n.t('Target')),
        h('div.target', modesRow(recipe), h('span.target-value', from, arrow, fieldOf(recipe))),
        h('p.field-error', { id: 'target-error', role: 'alert', hidden: wrong === '' }, wrong),
        slider(recipe, alpha, unitsPerAlpha(recipe, mode), (next) => choose(recipe, next)),
        h(
          'div.chip-row',
          h('div.chips', ...chips(alpha, recipe.rank, (next) => choose(recipe, next))),
          h('span.muted.factor', k === null ? '' : `k = ${numberLabel(k)}`),
        ),
        unlessEmpty('p.muted.note', recipe.alphaAssumed),
      );
    },
  };
}

export function isShown(choice: TargetChoice, view: PanelView | null): boolean {
  if (!view?.recipe || view.target.alpha !== choice.alpha) return false;
  return ruleOf(view.recipe, choice) === view.target.scalingRule;
}

function keyOf(view: PanelView | null): string {
  return JSON.stringify(view && [view.target, view.recipe?.alpha, view.recipe?.network]);
}

/** Buttons for the steps that people take most. */
function chips(alpha: number, rank: number, choose: (alpha: number) => void): Html[] {
  const steps: readonly (readonly [id: string, label: string, says: string, alpha: number])[] = [
    ['chip-half', '½×', l10n.t('Halve alpha'), alpha / 2],
    ['chip-double', '2×', l10n.t('Double alpha'), alpha * 2],
    ['chip-quadruple', '4×', l10n.t('Four times alpha'), alpha * 4],
    ['chip-rank', 'α = r', l10n.t('Set alpha to the rank'), rank],
  ];
  return steps.map(([id, label, title, next]) => {
    const own = { id, title, 'aria-label': `${label}: ${title.toLowerCase()}`, onclick: () => choose(next) };
    return h('button.chip', own, label);
  });
}

/** How far a key moves, in octaves: a keyboard user means the next mark, not a hundredth of an octave. */
const LEAPS: Readonly<Record<string, number>> = {
  ...{ ArrowUp: 0.25, ArrowRight: 0.25, PageUp: 1 },
  ...{ ArrowDown: -0.25, ArrowLeft: -0.25, PageDown: -1 },
};

/**
 * A slider that doubles alpha with every mark.
 * @param alpha of the thumb; may be beyond the slider's ends
 * @param units of the field that an alpha is
 */
function slider({ alpha: base }: RecipeView, alpha: number, units: number, choose: (alpha: number) => void): Html {
  const octave = octaveOf(alpha, base);
  const at = (place: number): Record<string, string> => ({ '--at': String(fraction(place)) });
  const onkeydown = (event: KeyboardEvent): void => {
    const leap = LEAPS[event.key];
    if (leap === undefined) return;
    event.preventDefault();
    const next = Math.round(octave * 4) / 4 + leap;
    choose(alphaAtOctave(Math.min(OCTAVES, Math.max(-OCTAVES, next)), base));
  };
  const oninput = ({ currentTarget }: Event): void =>
    choose(alphaAtOctave(Number((currentTarget as HTMLInputElement).value), base));
  const range = { type: 'range', min: -OCTAVES, max: OCTAVES, step: 0.01, value: String(octave) };
  const said = { 'aria-label': l10n.t('Target, logarithmic'), 'aria-valuetext': numberLabel(alpha * units) };
  const style = { '--filled': String(fraction(octave)) };
  const marks = octaveMarks(base * units).map((mark) =>
    h('span', { class: mark.octave === 0 ? 'mark now' : 'mark', style: at(mark.octave) }, markLabel(mark.value)),
  );
  return h(
    'div.slider',
    h('input', { id: 'target-slider', ...said, ...range, style, oninput, onkeydown }),
    h('div.marks.muted', { 'aria-hidden': 'true' }, ...marks),
  );
}

/** 0 at the left end, 1 at the right. */
function fraction(octave: number): number {
  return (octave + OCTAVES) / (2 * OCTAVES);
}
