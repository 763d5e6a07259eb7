import { compareConfigs } from '../config/compare/compare-configs';
import { readConfig, type ConfigReading } from '../config/read';
import { rewriteConfig } from '../config/rewrite';
import { applyEdits } from '../config/write/edits';
import { specFor } from '../experiment/specs/spec-for';
import { checkJson, comparisonJson, plansJson, readingJson, rewriteJson } from '../messages/answers';
import type * as published from '../../types/library';
import { nothing } from './failure';
import { type ChosenRecipe, planOf, plansOf, recipeIn } from './files/config-file';
import { inTime } from './limit';
import { verdictLine } from './output/run-text';
import { signaturesOf } from './output/signature';
import { train } from './training';

// The functions of the package of npm. types/library.d.ts describes and documents them; the compiler holds them to it.

const readingOf = ({ text, path, hasWeights = false }: published.Config): ConfigReading =>
  inTime(path, () => readConfig(text, path, { hasWeights }));

const chosenOf = (config: published.Config): ChosenRecipe =>
  recipeIn({ ...config, encoding: 'utf8' }, readingOf(config), config.recipe, true);

export const read: typeof published.read = (config) => {
  const reading = readingOf(config);
  return readingJson(config.path, reading, signaturesOf(config.text, reading));
};

export const plan: typeof published.plan = (config, target) => {
  const chosen = chosenOf(config);
  return plansJson(chosen.reading, plansOf(chosen, target));
};

export const compare: typeof published.compare = (first, second) => {
  const [a, b] = [chosenOf(first), chosenOf(second)];
  const { comparison, verdict } = compareConfigs(a, b);
  return { ...comparisonJson(comparison, [a.reading, b.reading]), verdict };
};

export const rewrite: typeof published.rewrite = (config, target, planId) => {
  const chosen = chosenOf(config);
  const way = planOf(plansOf(chosen, target), planId, config.path);
  const outcome = inTime(config.path, () => rewriteConfig(config.text, chosen.reading, chosen.index, target, way.id));
  if ('refusal' in outcome) throw nothing(`${config.path}: ${outcome.refusal.message}`);
  return { ...rewriteJson(config.path, chosen.reading, way), text: applyEdits(config.text, outcome.edits) };
};

export const check: typeof published.check = async (config, target, { plan: planId, task = 'auto', ...given } = {}) => {
  const chosen = chosenOf(config);
  const plans = plansOf(chosen, target);
  const { id, claim } = planOf(plans, planId, config.path);
  const spec = specFor(chosen.recipe, plans, id, { ...given, task, backend: 'auto' });
  const trained = await train(spec, claim, undefined, { isSilent: true });
  return checkJson(chosen.reading, trained, verdictLine(trained));
};
