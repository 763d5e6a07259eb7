import * as l10n from '@vscode/l10n';
import type { PanelView, PlanView } from '../../messages/panel';
import { priceOf } from '../../experiment/words/plan-price';
import type { PlanId } from '../../recipe/plans/plan';
import { h, setAttribute, whenChanged, type Component } from '../page/dom';
import { rovingFocus } from '../page/roving';

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
