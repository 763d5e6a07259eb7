import type { OptimizerId } from '../../recipe/optimizers/optimizers';
import { adadelta } from './adadelta';
import { adafactor, adafactorRelative, adafactorScale, adafactorScaleRelative } from './adafactor-hf';
import { adafactorTorch } from './adafactor-torch';
import { adagrad } from './adagrad';
import { adam, adamc, adamw } from './adam';
import { adamMini } from './adam-mini';
import { adamax } from './adamax';
import { adan } from './adan';
import { ademamix } from './ademamix';
import { adopt } from './adopt';
import { asgd } from './asgd';
import { automagic } from './automagic';
import { automagic3 } from './automagic3';
import { came } from './came';
import { dadaptAdagrad } from './dadapt-adagrad';
import { dadaptAdam, dadaptAdamDecoupled, dadaptAdamPreprint, dadaptAdamPreprintDecoupled } from './dadapt-adam';
import { dadaptAdan, dadaptAdanIp } from './dadapt-adan';
import { dadaptLion } from './dadapt-lion';
import { dadaptSgd } from './dadapt-sgd';
import { grokadamw } from './grokadamw';
import { apollo } from './apollo';
import { dion } from './dion';
import { galore } from './galore';
import { loraFa } from './lora-fa';
import { lamb, lars } from './trust-ratio';
import { lion } from './lion';
import { muon } from './muon';
import { nadam, nadamDecoupled } from './nadam';
import type { Optimizer } from './optimizer';
import { prodigy, prodigyCoupled } from './prodigy';
import { radam, radamDecoupled } from './radam';
import { rmsprop } from './rmsprop';
import { rprop } from './rprop';
import { scheduleFreeAdamw, scheduleFreeRadam, scheduleFreeSgd } from './schedule-free';
import { sgd, sgdw } from './sgd';
import { shampoo } from './shampoo';
import { sinkgd } from './sinkgd';
import { soap } from './soap';
import { sophia } from './sophia';
import { stableAdamw } from './stable-adamw';
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
