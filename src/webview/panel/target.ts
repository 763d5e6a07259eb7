import * as l10n from '@vscode/l10n';
import type { PanelView, RecipeView, TargetChoice } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { isRank, MAX_RANK, RANK_RANGE } from '../../recipe/recipe';
import { alphaError, nearestAlpha, parsePositive } from '../../recipe/target';
import { choiceRow } from '../page/choices';
import { debounced, h, type Html, section, unlessEmpty } from '../page/dom';
import { selectField, textField } from '../page/toolkit';
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
  /** The alpha to go back to from a rank. */
  let lastAlpha: number | null = null;
  const tell = debounced((choice: TargetChoice) => {
    if (asked === null && isShown(choice, view)) return;
    asked = choice;
    onTarget(choice);
  }, PAUSE);

  function typed(recipe: RecipeView, words: string): void {
    text = words;
    const parsed = parsePositive(text, fieldValue(recipe, mode, 2 * baseOf(recipe, mode)));
    const value = 'value' in parsed ? alphaOfField(recipe, mode, parsed.value) : NaN;
    const isWhole = recipe.wholeAlpha ? recipe.trainer : null;
    const error = (): string => (mode === 'rank' ? rankError(value) : alphaError(value, isWhole));
    wrong = 'error' in parsed ? parsed.error : error();
    held = wrong === '' ? choiceOf(recipe, mode, value) : null;
    if (held && mode !== 'rank') lastAlpha = held.alpha;
    if (held) tell(held);
    else tell.cancel();
    onField();
  }
  const choose = (recipe: RecipeView, value: number): void => {
    const nearest = mode === 'rank' ? nearestRank(value) : nearestAlpha(value, recipe.wholeAlpha);
    typed(recipe, String(fieldValue(recipe, mode, nearest)));
  };

  function fieldOf(recipe: RecipeView): Html {
    const onkeydown = (event: KeyboardEvent): void => {
      const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : null;
      if (direction === null || !held) return;
      event.preventDefault();
      const now = held.rank ?? held.alpha;
      choose(recipe, event.shiftKey ? now * 2 ** direction : steppedAlpha(now, direction));
    };
    const own = {
      id: 'target',
      class: wrong === '' ? null : 'invalid',
      spellcheck: 'false',
      value: text,
      'aria-label': LABELS[mode],
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
      choose(recipe, mode === 'rank' ? FIRST_FACTOR * recipe.rank : (lastAlpha ?? FIRST_FACTOR * recipe.alpha));
      selectField('target');
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
      if (!isSameNetwork) lastAlpha = null;
      mode = modeOf(recipe, reached, mode);
      const value = reached.rank ?? reached.alpha;
      const written = fieldValue(recipe, mode, value);
      // `1.0` stays: it may become `1.05`.
      if (Number(text) !== written) text = String(written);
      held = choiceOf(recipe, mode, value);
      if (mode !== 'rank') lastAlpha = value;
      asked = null;
      wrong = '';
    },
    /** Null where the field holds no target. */
    choice: (): TargetChoice | null => held,
    /** The same, once the host has been told of it. */
    told(): TargetChoice | null {
      tell.now();
      return held;
    },
    /** @param k how much the scaling grows; null where no target is known */
    html({ recipe, target: reached }: PanelView, k: number | null): Html {
      if (!recipe) return section('section.s-target', 'target', l10n.t('Target'), {});
      const ofRank = mode === 'rank';
      const value = ofRank ? (held?.rank ?? recipe.rank) : (held?.alpha ?? reached.alpha);
      const base = baseOf(recipe, mode);
      const key = recipe.alphaKey;
      const inFile = recipe.alphaAssumed === '' ? l10n.t`${key} in the file` : l10n.t`default of ${key}`;
      const ratio = ofRank ? `r × ${numberLabel(value / base)}` : k === null ? '' : `k = ${numberLabel(k)}`;
      const from = h(
        'span.muted',
        { title: mode === 'scaling' ? l10n.t('scaling now') : ofRank ? l10n.t('rank now') : inFile },
        String(fieldValue(recipe, mode, base)),
      );
      const arrow = h('span.muted', { 'aria-hidden': 'true' }, '→');
      return h(
        'section.s-target',
        { 'aria-labelledby': 'target-heading' },
        h('h2.hidden-text', { id: 'target-heading' }, l10n.t('Target')),
        h('div.target', modesRow(recipe), h('span.target-value', from, arrow, fieldOf(recipe))),
        h('p.field-error', { id: 'target-error', role: 'alert', hidden: wrong === '' }, wrong),
        slider(base, value, unitsPerAlpha(recipe, mode), (next) => choose(recipe, next)),
        h(
          'div.chip-row',
          h('div.chips', ...chips(value, ofRank ? null : recipe.rank, (next) => choose(recipe, next))),
          h('span.muted.factor', k === null ? '' : ratio),
        ),
        unlessEmpty('p.muted.note', ofRank ? '' : recipe.alphaAssumed),
      );
    },
  };
}

export function isShown(choice: TargetChoice, view: PanelView | null): boolean {
  if (!view?.recipe || view.target.rank !== choice.rank) return false;
  // Alpha is then that of the file, or of the rule.
  if (choice.rank !== undefined) return true;
  if (view.target.alpha !== choice.alpha) return false;
  return ruleOf(view.recipe, choice) === view.target.scalingRule;
}

function keyOf(view: PanelView | null): string {
  return JSON.stringify(view && [view.target, view.recipe?.alpha, view.recipe?.network]);
}

/** A step that people take, and for alpha one that is a proof to the last bit. */
const FIRST_FACTOR = 4;

const LABELS: Readonly<Record<TargetMode, string>> = {
  alpha: l10n.t('Target alpha'),
  rslora: l10n.t('Target alpha'),
  scaling: l10n.t('Target scaling'),
  rank: l10n.t('Target rank'),
};

/** The number in the file that the field's is held against: alpha, or the rank. */
const baseOf = ({ alpha, rank }: RecipeView, mode: TargetMode): number => (mode === 'rank' ? rank : alpha);

const rankError = (rank: number): string => (isRank(rank) ? '' : l10n.t`The rank must be ${RANK_RANGE}.`);
const nearestRank = (rank: number): number => Math.min(MAX_RANK, Math.max(1, Math.round(rank)));

/** Buttons for the steps that people take most. @param rank null where the value is one */
function chips(value: number, rank: number | null, choose: (value: number) => void): Html[] {
  const ofRank = rank === null;
  const steps: readonly (readonly [id: string, label: string, says: string, value: number])[] = [
    ['chip-half', '½×', ofRank ? l10n.t('Halve the rank') : l10n.t('Halve alpha'), value / 2],
    ['chip-double', '2×', ofRank ? l10n.t('Double the rank') : l10n.t('Double alpha'), value * 2],
    ['chip-quadruple', '4×', ofRank ? l10n.t('Four times the rank') : l10n.t('Four times alpha'), value * 4],
    ...(ofRank ? [] : [['chip-rank', 'α = r', l10n.t('Set alpha to the rank'), rank] as const]),
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
 * A slider that doubles alpha, or the rank, with every mark.
 * @param base the number in the file
 * @param alpha of the thumb; may be beyond the slider's ends
 * @param units of the field that an alpha is
 */
function slider(base: number, alpha: number, units: number, choose: (alpha: number) => void): Html {
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
