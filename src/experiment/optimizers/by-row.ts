import type { OptimizerId } from '../../recipe/optimizers/optimizers';
import { adam, adamax, adamc, adamw, nadam, nadamDecoupled, radam, radamDecoupled } from './adam';
import { adamMini, adan, ademamix, adopt, stableAdamw } from './adam-variants';
import { apollo } from './apollo';
import { dadaptAdagrad } from './dadapt-adagrad';
import { dadaptAdam, dadaptAdamDecoupled, dadaptAdamPreprint, dadaptAdamPreprintDecoupled } from './dadapt-adam';
import { dadaptAdan, dadaptAdanIp } from './dadapt-adan';
import { dadaptLion } from './dadapt-lion';
import { dadaptSgd } from './dadapt-sgd';
import { dion } from './dion';
import { adafactor, adafactorRelative, adafactorScale, adafactorScaleRelative, adafactorTorch, came } from './factored';
import { galore } from './galore';
import { adadelta, asgd, sgd, sgdw } from './gradient';
import { grokadamw } from './grokadamw';
import { loraFa } from './lora-fa';
import { adagrad, rmsprop, rprop } from './mean-square';
import { muon } from './muon';
import type { Optimizer } from './optimizer';
import { automagic, automagic3 } from './own-rate';
import { prodigy, prodigyCoupled } from './prodigy';
import { scheduleFreeAdamw, scheduleFreeRadam, scheduleFreeSgd } from './schedule-free';
import { shampoo } from './shampoo';
import { lion, sophia } from './sign';
import { sinkgd } from './sinkgd';
import { soap } from './soap';
import { lamb, lars } from './trust-ratio';
import { bnbLamb, bnbLars } from './update-norm';

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
  'adafactor-hf': adafactor,
  'adafactor-hf-scale': adafactorScale,
  'adafactor-hf-relative': adafactorRelative,
  'adafactor-hf-scale-relative': adafactorScaleRelative,
  'adafactor-torch': adafactorTorch,
  came,
  adalomo: adafactorScale,
  // Step relative to the norm of the weights.
  lamb,
  lars,
  'bnb-lamb': bnbLamb,
  'bnb-lars': bnbLars,
  // Estimated distance, shared by all parameters.
  prodigy,
  'prodigy-coupled': prodigyCoupled,
  'dadapt-adam': dadaptAdam,
  'dadapt-adam-decoupled': dadaptAdamDecoupled,
  'dadapt-adam-preprint': dadaptAdamPreprint,
  'dadapt-adam-preprint-decoupled': dadaptAdamPreprintDecoupled,
  'dadapt-lion': dadaptLion,
  'dadapt-sgd': dadaptSgd,
  'dadapt-adan': dadaptAdan,
  'dadapt-adan-ip': dadaptAdanIp,
  'dadapt-adagrad': dadaptAdagrad,
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
