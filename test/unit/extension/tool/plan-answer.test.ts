import { expect, it } from 'vitest';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';
import { planAnswer } from '../../../../src/extension/tool/plan-answer';
import { AXOLOTL } from '../../../support/axolotl';

interface Answer {
  scalingFactor: number;
  notUnderstood: { source: string }[];
  plans: { claim: string; limit: string | null; changes: { key: string; to: string | null }[]; code: string | null }[];
}

function answerTo(text: string): Answer {
  const reading = readConfig(text, 'mine.yml');
  const [recipe] = reading.recipes;
  if (!recipe) throw new Error('no recipe');
  return JSON.parse(planAnswer(reading, recipe, planConfig(text, reading, 0, 64))) as Answer;
}

it('names what changes, and how exact that is', () => {
  const { scalingFactor, plans, notUnderstood } = answerTo(AXOLOTL);
  expect(scalingFactor).toBe(4);
  expect(notUnderstood).toEqual([]);
  expect(plans[0]).toMatchObject({ claim: 'exact', limit: null });
  expect(plans[0]?.changes.find(({ key }) => key === 'learning_rate')?.to).toBe('0.0001');
  expect(plans[0]?.code).toContain('lora_A');
});

it('calls no plan exact where a line was not understood, and names the line', () => {
  const { plans, notUnderstood } = answerTo(`${AXOLOTL}\nplugins: [mine.Plugin]\n`);
  expect(notUnderstood.map(({ source }) => source)).toEqual([expect.stringContaining('mine.Plugin')]);
  expect(plans.length).toBeGreaterThan(1);
  expect(plans.filter(({ claim }) => claim === 'exact')).toEqual([]);
});
