import type { OptimizerId } from '../../recipe/optimizers/optimizers';
import { adam, adamax, adamc, adamw, nadam, nadamDecoupled, radam, radamDecoupled } from './adam';
import { adamMini, adan, ademamix, adopt, grokadamw, stableAdamw } from './adam-variants';
import * as dadapt from './dadapt';
import * as factored from './factored';
import { adadelta, adagrad, asgd, lion, rmsprop, rprop, sgd, sgdw, sophia } from './gradient';
import { dion, muon, shampoo, soap } from './matrix';
import { bnbLamb, bnbLars, lamb, lars, sinkgd } from './norm';
import type { Optimizer } from './optimizer';
import { automagic, automagic3 } from './own-rate';
import { apollo, galore, loraFa } from './projected';
import { scheduleFreeAdamw, scheduleFreeRadam, scheduleFreeSgd } from './schedule-free';
import { prodigy, prodigyCoupled } from './shared-distance';

/** The step function of every row of src/recipe/optimizers. A row without one does not compile, nor does the reverse. */
const BY_ROW: Readonly<Record<OptimizerId, Optimizer>> = {
  // Step proportional to the gradient.
  sgd,
  sgdw,
  asgd,
  adadelta,
  'schedule-free-sgd': scheduleFreeSgd,
  // Adam and variants.
  adam,
  adamw,
  adamax,
  nadam,
  'nadam-decoupled': nadamDecoupled,
  radam,
  'radam-decoupled': radamDecoupled,
  rmsprop,
  'rmsprop-eps-inside': rmsprop,
  adagrad,
  rprop,
  ademamix,
  adopt,
  adamc,
  'stable-adamw': stableAdamw,
  grokadamw,
  adan,
  'adam-mini': adamMini,
  'schedule-free-adamw': scheduleFreeAdamw,
  'schedule-free-radam': scheduleFreeRadam,
  // Sign of the gradient, or clipped to ±1.
  lion,
  sophia,
  // Factored second moment.
  'adafactor-hf': factored.adafactor,
  'adafactor-hf-scale': factored.adafactorScale,
  'adafactor-hf-relative': factored.adafactorRelative,
  'adafactor-hf-scale-relative': factored.adafactorScaleRelative,
  'adafactor-torch': factored.adafactorTorch,
  came: factored.came,
  adalomo: factored.adafactorScale,
  // Step relative to the norm of the weights.
  lamb,
  lars,
  'bnb-lamb': bnbLamb,
  'bnb-lars': bnbLars,
  // Estimated distance, shared by all parameters.
  prodigy,
  'prodigy-coupled': prodigyCoupled,
  'dadapt-adam': dadapt.dadaptAdam,
  'dadapt-adam-decoupled': dadapt.dadaptAdamDecoupled,
  'dadapt-adam-preprint': dadapt.dadaptAdamPreprint,
  'dadapt-adam-preprint-decoupled': dadapt.dadaptAdamPreprintDecoupled,
  'dadapt-lion': dadapt.dadaptLion,
  'dadapt-sgd': dadapt.dadaptSgd,
  'dadapt-adan': dadapt.dadaptAdan,
  'dadapt-adan-ip': dadapt.dadaptAdanIp,
  'dadapt-adagrad': dadapt.dadaptAdagrad,
  // Learning rate that the optimizer changes itself.
  automagic,
  automagic3,
  // Whole matrices.
  muon,
  shampoo,
  soap,
  dion,
  sinkgd,
  galore,
  apollo,
  'lora-fa': loraFa,
};

const isRow = (id: string): id is OptimizerId => Object.hasOwn(BY_ROW, id);

/** @throws Error that names the rows there are */
export function optimizerOf(row: string): Optimizer {
  if (isRow(row)) return BY_ROW[row];
  throw new Error(`no training for the optimizer ${row}; there is one for ${Object.keys(BY_ROW).join(', ')}`);
}
