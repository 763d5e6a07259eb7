import * as l10n from '@vscode/l10n';
import type { TaskChoice } from '../../experiment/toy/task-choice';
import { priceOf } from '../../experiment/words/sizes';
import type { PanelView, PlanView } from '../../messages/panel';
import type { PlanId } from '../../recipe/plans/plan';
import { choiceRow, rovingFocus } from '../page/choices';
import { disclosure, h, section, sentences, setAttribute, setText, whenChanged, type Component } from '../page/dom';

/** The plans, one line each: name, whether it needs code, how far off. The chosen one unfolds. */
export function plans(onPlan: (plan: PlanId) => void): Component<PanelView> {
  const radios = (): HTMLElement[] => [...group.querySelectorAll<HTMLElement>('[role=radio]')];
  const choose = (radio: HTMLElement): void => onPlan(radio.dataset['plan'] as PlanId);
  const clicked = (event: Event): void => {
    const radio = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=radio]') : null;
    if (radio) choose(radio);
  };
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    clicked(event);
  };
  const attributes = { role: 'radiogroup', 'aria-labelledby': 'plans-heading' };
  const group = h('div.plans', { ...attributes, onclick: clicked, onkeydown });
  rovingFocus(group, radios, choose);
  const element = section('s-plans', 'plans', l10n.t('Ways to do it'), group);
  const draw = whenChanged((shown: Pick<PanelView, 'plans' | 'plan'>) => {
    const focused = radios().find((radio) => radio === document.activeElement)?.id;
    group.replaceChildren(...shown.plans.map((plan) => radioOf(plan, plan.id === shown.plan)));
    if (focused !== undefined) document.getElementById(focused)?.focus();
  });
  return {
    element,
    draw({ plans: all, plan }) {
      setAttribute(element, 'hidden', all.length === 0);
      draw({ plans: all, plan });
    },
  };
}

function radioOf(plan: PlanView, checked: boolean): HTMLElement {
  const { text, good } = priceOf(plan);
  const needs = plan.needsCode ? l10n.t('needs code') : l10n.t('config only');
  const more = checked ? [plan.summary, ...plan.caveats.map(({ message }) => message)] : [];
  const state = { 'aria-checked': String(checked), tabindex: checked ? 0 : -1 };
  return h(
    'div.choice',
    { id: `plan-${plan.id}`, role: 'radio', 'data-plan': plan.id, ...state },
    h('i.dot', { 'aria-hidden': 'true' }),
    h('span.choice-title', h('span.choice-name', plan.title), ' ', h('span.muted.needs', needs)),
    h('span', { class: good ? 'price ok' : 'price' }, text),
    ...more.map((text) => h('p.muted', text)),
  );
}

/** What can be trained: on the button, and what it is. */
const MODELS: readonly (readonly [task: TaskChoice, label: string, says: string])[] = [
  ['auto', l10n.t('Auto'), l10n.t('Closest to your model, trains in about 1 s')],
  ['linear', l10n.t('One layer'), l10n.t('One linear layer with LoRA')],
  ['mlp', 'MLP', l10n.t('Linear layers with LoRA, one behind the other')],
  ['transformer', l10n.t('Transformer'), l10n.t('A small decoder with LoRA on your target modules')],
];

/** How the small model was trained: which one, its size and time, and how it differs from the user's run. */
export function howTrained(onTask: (task: TaskChoice) => void): Component<PanelView> {
  const models = choiceRow(
    {
      kind: 'radio',
      group: { class: 'chips', 'aria-labelledby': 'model-heading' },
      item: (index) => {
        const [task = '', , title = ''] = MODELS[index] ?? [];
        return { id: `model-${task}`, class: 'chip', title };
      },
    },
    (index) => onTask(MODELS[index]?.[0] ?? 'auto'),
  );
  const choice = section('s-model', 'model', h('h3', l10n.t('Model that is trained')), models.element);
  const summary = h('p.muted', { id: 'run-summary' });
  const list = sentences();
  const element = disclosure('how-trained', l10n.t('How it is trained'), choice, summary, list.element);
  return {
    element,
    draw({ plans: all, task, run, assumptions }) {
      setAttribute(element, 'hidden', all.length === 0);
      models.draw({ names: MODELS.map(([, label]) => label), chosen: MODELS.findIndex(([each]) => each === task) });
      setText(summary, run.summary);
      list.draw(assumptions);
    },
  };
}
