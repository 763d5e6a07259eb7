import * as l10n from '@vscode/l10n';
import type { TaskChoice } from '../../experiment/toy/task-choice';
import { priceOf } from '../../experiment/words/sizes';
import type { PanelView, PlanView } from '../../messages/panel';
import type { PlanId } from '../../recipe/plans/plan';
import { rovingFocus } from '../page/choices';
import { type Component, disclosure, h, setAttribute, setText, whenChanged } from '../page/dom';

/** The plans, one line each: name, whether it needs code, how far off. The chosen one unfolds. */
export function plans(onPlan: (plan: PlanId) => void): Component<PanelView> {
  const group = h('div', { role: 'radiogroup', 'aria-labelledby': 'plans-heading', class: 'plans' });
  const element = h(
    'section',
    { class: 's-plans', 'aria-labelledby': 'plans-heading' },
    h('h2', { id: 'plans-heading' }, l10n.t('Ways to do it')),
    group,
  );
  const radios = (): HTMLElement[] => [...group.querySelectorAll<HTMLElement>('[role=radio]')];
  const choose = (radio: HTMLElement): void => onPlan(radio.dataset['plan'] as PlanId);
  rovingFocus(group, radios, choose);
  const clicked = (event: Event): void => {
    const radio = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=radio]') : null;
    if (radio) choose(radio);
  };
  group.addEventListener('click', clicked);
  group.addEventListener('keydown', (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    clicked(event);
  });

  const draw = whenChanged((shown: { plans: PanelView['plans']; plan: PlanId }) => {
    const focused = radios().find((radio) => radio === document.activeElement)?.dataset['plan'];
    group.replaceChildren(...shown.plans.map((plan) => radioOf(plan, plan.id === shown.plan)));
    radios()
      .find((radio) => radio.dataset['plan'] === focused)
      ?.focus();
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.plans.length === 0);
      draw({ plans: view.plans, plan: view.plan });
    },
  };
}

function radioOf(plan: PlanView, checked: boolean): HTMLElement {
  const { text, good } = priceOf(plan);
  return h(
    'div',
    {
      id: `plan-${plan.id}`,
      class: 'choice',
      role: 'radio',
      'data-plan': plan.id,
      'aria-checked': String(checked),
      tabindex: checked ? 0 : -1,
    },
    h('i', { class: 'dot', 'aria-hidden': 'true' }),
    h(
      'span',
      { class: 'choice-title' },
      h('span', { class: 'choice-name' }, plan.title),
      ' ',
      h('span', { class: 'muted needs' }, plan.needsCode ? l10n.t('needs code') : l10n.t('config only')),
    ),
    h('span', { class: good ? 'price ok' : 'price' }, text),
    ...(checked ? [plan.summary, ...plan.caveats.map(({ message }) => message)] : []).map((text) =>
      h('p', { class: 'muted' }, text),
    ),
  );
}

/** How the small model was trained: which one, its size and time, and how it differs from the user's run. */
export function howTrained(onTask: (task: TaskChoice) => void): Component<PanelView> {
  const choice = model(onTask);
  const summary = h('p', { class: 'muted', id: 'run-summary' });
  const list = h('ul', { class: 'muted' });
  const element = disclosure('how-trained', l10n.t('How it is trained'), choice.element, summary, list);
  const draw = whenChanged((assumptions: readonly string[]) =>
    list.replaceChildren(...assumptions.map((text) => h('li', {}, text))),
  );
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.plans.length === 0);
      choice.draw(view);
      setText(summary, view.run.summary);
      draw(view.assumptions);
    },
  };
}

/** What can be trained: on the button, and what it is. */
const MODELS: readonly { task: TaskChoice; label: string; says: string }[] = [
  { task: 'auto', label: l10n.t('Auto'), says: l10n.t('Closest to your model, trains in about 1 s') },
  { task: 'linear', label: l10n.t('One layer'), says: l10n.t('One linear layer with LoRA') },
  { task: 'mlp', label: 'MLP', says: l10n.t('Linear layers with LoRA, one behind the other') },
  {
    task: 'transformer',
    label: l10n.t('Transformer'),
    says: l10n.t('A small decoder with LoRA on your target modules'),
  },
];

/** On which model? One radio button a kind, in a row. */
function model(onTask: (task: TaskChoice) => void): Component<PanelView> {
  const radios = MODELS.map(({ task, label, says }) => {
    const radio = h(
      'button',
      { id: `model-${task}`, class: 'chip', type: 'button', role: 'radio', title: says, 'data-task': task },
      label,
    );
    radio.addEventListener('click', () => onTask(task));
    return radio;
  });
  const group = h('div', { class: 'chips', role: 'radiogroup', 'aria-labelledby': 'model-heading' }, ...radios);
  rovingFocus(
    group,
    () => radios,
    (radio) => onTask(radio.dataset['task'] as TaskChoice),
  );
  const element = h(
    'section',
    { class: 's-model', 'aria-labelledby': 'model-heading' },
    h('h3', { id: 'model-heading' }, l10n.t('Model that is trained')),
    group,
  );
  return {
    element,
    draw(view) {
      for (const radio of radios) {
        const is = radio.dataset['task'] === view.task;
        setAttribute(radio, 'aria-checked', String(is));
        setAttribute(radio, 'tabindex', is ? 0 : -1);
      }
    },
  };
}
