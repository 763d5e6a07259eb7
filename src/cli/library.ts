import { rewriteConfig } from '../config/rewrite';
import { applyEdits } from '../config/write/edits';
import { specFor } from '../experiment/specs/spec-for';
import { checkJson, comparisonJson, plansJson, readingJson, rewriteJson } from '../messages/answers';
import type { Target } from '../recipe/target';
import type { Agreement } from '../run/read-against-ran';
import type * as published from '../../types/library';
import { nothing } from './failure';
import { compared } from '../run/compared';
import { agreementWith, chosenOf, planOf, plansOf, readingIn, type ChosenRecipe } from './files/config-file';
import { inTime } from './limit';
import { signaturesOf } from './output/signature';
import { train } from './training';

// The functions of the package of npm. types/library.d.ts describes and documents them; the compiler holds them to it.

const agreementOf = (file: published.Config, { reading }: Pick<ChosenRecipe, 'reading'>): Agreement | null =>
  agreementWith({ file, reading }, file.run === undefined ? undefined : { path: 'the recording', text: file.run });

/** A recipe and its plans, as far as the recording of its run bears them out. */
function plannedOf(config: published.Config, target: Target) {
  const chosen = chosenOf(config);
  const ran = agreementOf(config, chosen);
  return { chosen, ran, plans: plansOf(chosen, target, undefined, ran) };
}

export const read: typeof published.read = (config) => {
  const reading = readingIn(config);
  const findings = [...reading.findings, ...(agreementOf(config, { reading })?.findings ?? [])];
  return readingJson(config.path, { ...reading, findings }, signaturesOf(config.text, reading));
};

export const plan: typeof published.plan = (config, target) => {
  const { chosen, plans, ran } = plannedOf(config, target);
  return plansJson(chosen.reading, plans, ran);
};

export const compare: typeof published.compare = (first, second) => {
  const [a, b] = [chosenOf(first), chosenOf(second)];
  return comparisonJson(compared(a, b), [a.reading, b.reading]);
};

export const rewrite: typeof published.rewrite = (config, target, planId) => {
  const chosen = chosenOf(config);
  const way = planOf(plansOf(chosen, target), planId, config.path);
  const outcome = inTime(config.path, () => rewriteConfig(config.text, chosen.reading, chosen.index, target, way.id));
  if ('refusal' in outcome) throw nothing(`${config.path}: ${outcome.refusal.message}`);
  return { ...rewriteJson(config.path, chosen.reading, way), text: applyEdits(config.text, outcome.edits) };
};

export const check: typeof published.check = async (config, target, { plan: planId, task = 'auto', ...given } = {}) => {
  const { chosen, plans } = plannedOf(config, target);
  const { id, claim } = planOf(plans, planId, config.path);
  const spec = specFor(chosen.recipe, plans, id, { ...given, task, backend: 'auto' });
  const trained = await train(spec, claim, undefined, { isSilent: true });
  return checkJson(chosen.reading, trained);
};
