import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Layout } from '../adapter';
import { otherFields } from '../config';
import { cutError, factorsOf, usedFor } from '../factors';
import type { Wrong } from '../files/safetensors';
import { isBaseCopy } from '../layouts/names';
import { stemsIn } from '../layouts/places';
import type { Goal } from './goal';
import { copyOfBase, refusalOf } from './refuse';
import { spectrumOf } from './spectrum';

/** What becomes of one module. ΔW = scaling · B·A stays, so B is multiplied by `factor`. */
export interface Job {
  readonly module: AdapterModule;
  /** What stands in front of the parts of its keys. */
  readonly stem: string;
  readonly rank: number;
  /** What the layout says of alpha. */
  readonly alpha: number;
  /** What B·A was multiplied by, and will be. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

export interface Plan {
  readonly layout: Layout;
  readonly useRslora: boolean;
  readonly jobs: readonly Job[];
  readonly notes: readonly string[];
  /** ‖ΔW − ΔW′‖/‖ΔW‖ of each module whose rank shrinks. */
  readonly errors: ReadonlyMap<AdapterModule, number>;
}

/** Called before each module whose spectrum is computed. */
export type OnModule = (done: number, of: number) => void;

/** Layouts that hold no alpha, so that the scaling goes into B. */
const WITHOUT_ALPHA: readonly Layout[] = ['diffusers', 'diffusers-old', 'ai-toolkit'];

/** Layouts with a tensor of alpha, which is a float32 at most. */
const WITH_ALPHA: readonly Layout[] = ['kohya', 'lycoris', 'onetrainer'];

/** Which rank, alpha and factor each module gets, or why it cannot. */
export async function planConversion(adapter: Adapter, goal: Goal, onModule?: OnModule): Promise<Plan | Wrong> {
  const refused = refusalOf(adapter, goal);
  if (refused !== null) return { wrong: refused };
  const layout = goal.to ?? adapter.layout;
  const stems = goal.to && goal.to !== adapter.layout ? stemsIn(adapter, goal.to) : null;
  if (stems && 'wrong' in stems) return stems;
  const isPeft = layout === 'peft';
  if (!isPeft && goal.rslora) return { wrong: l10n.t('Only PEFT knows rsLoRA; elsewhere alpha holds it.') };
  if (WITHOUT_ALPHA.includes(layout) && (goal.alpha !== undefined || goal.scaling !== undefined)) {
    return { wrong: l10n.t`${layout} holds no alpha: its scaling is 1.` };
  }
  const ranks = await ranksOf(adapter, goal, layout, onModule);
  if ('wrong' in ranks) return ranks;
  const useRslora = isPeft && (goal.rslora ?? (!goal.portable && adapter.config?.useRslora === true));
  const root = (rank: number): number => (useRslora ? Math.sqrt(rank) : rank);
  const scalings = adapter.modules.map((module) => scalingBefore(module, goal));
  const isMixed = new Set(scalings).size > 1;
  const jobs = adapter.modules.map((module, i): Job => {
    const from = scalings[i] ?? 1;
    const rank = ranks.of(module);
    const isOne = goal.portable === true || WITHOUT_ALPHA.includes(layout) || (layout === 'mlx' && isMixed);
    const said = goal.alpha === 'rank' ? rank : goal.alpha;
    const computed = said ?? (isOne ? rank : alphaFor(module, rank, (goal.scaling ?? from) * root(rank)));
    const alpha = WITH_ALPHA.includes(layout) ? Math.fround(computed) : computed;
    const to = isOne && said === undefined ? 1 : alpha / root(rank);
    // The same scaling by another way of computing it must not round B.
    const factor = Math.abs(from / to - 1) < (alpha === computed ? 1e-14 : 1e-7) ? 1 : from / to;
    return { module, stem: stems?.get(module) ?? `${module.prefix}${module.name}`, rank, alpha, from, to, factor };
  });
  return { layout, useRslora, jobs, notes: notesOf(adapter, goal, jobs), errors: ranks.errors };
}

/** Alpha as it is said, where rounding alone would change it. */
const alphaFor = ({ alpha, rank: before }: AdapterModule, rank: number, computed: number): number => {
  if (alpha !== null && before === rank && Math.abs(computed / alpha - 1) < 1e-14) return alpha;
  const whole = Math.round(computed);
  return Math.abs(computed / whole - 1) < 1e-14 ? whole : computed;
};

const scalingBefore = ({ scaling, rank }: AdapterModule, { assumeAlpha }: Goal): number =>
  scaling ?? (assumeAlpha === 'rank' ? 1 : (assumeAlpha ?? rank) / rank);

interface Ranks {
  of: (module: AdapterModule) => number;
  errors: Plan['errors'];
}

/** 8, or a multiple of 16: LoRAX and TGI pad other ranks, and then divide alpha by the padded one. */
const roundedUp = (rank: number): number => (rank <= 8 ? 8 : Math.ceil(rank / 16) * 16);

async function ranksOf(
  { modules }: Adapter,
  { keep, rank, portable }: Goal,
  layout: Layout,
  onModule?: OnModule,
): Promise<Ranks | Wrong> {
  const cut = modules.filter((module) => keep !== undefined || (rank !== undefined && rank < module.rank));
  const spectra = new Map<AdapterModule, readonly number[]>();
  for (const module of cut) {
    onModule?.(spectra.size, cut.length);
    const factors = await factorsOf(module);
    const spectrum = factors && (await spectrumOf(factors));
    if (!spectrum) return { wrong: l10n.t`${module.name} has numbers that are not finite.` };
    spectra.set(module, spectrum.sigma);
  }
  const needed = keep === undefined ? [] : [...spectra.values()].map((sigma) => usedFor(sigma, keep));
  const most = Math.max(1, ...(keep === undefined ? modules.map((module) => module.rank) : needed));
  const common = portable === true && layout === 'peft' ? roundedUp(most) : most;
  const isCommon = portable === true || layout === 'mlx' || keep !== undefined;
  const of = (module: AdapterModule): number => rank ?? (isCommon ? common : module.rank);
  const shrinking = [...spectra].filter(([module]) => of(module) < module.rank);
  return { of, errors: new Map(shrinking.map(([module, sigma]) => [module, cutError(sigma, of(module))])) };
}

function notesOf({ config, modules, saved }: Adapter, goal: Goal, jobs: readonly Job[]): string[] {
  const isPortable = goal.portable === true;
  const others = otherFields(config);
  const copy = saved.find(isBaseCopy);
  return [
    ...(isPortable && modules.some(({ biasB }) => biasB)
      ? [l10n.t('B has biases (lora_bias): vLLM and llama.cpp refuse them, SGLang and LoRAX drop them.')]
      : []),
    ...(isPortable && others.length > 0
      ? [l10n.t`The config still says ${others.join(', ')}, which few engines besides PEFT read.`]
      : []),
    ...(isPortable && copy ? [copyOfBase(copy.key)] : []),
    ...(jobs.some(({ alpha }) => !Number.isInteger(alpha))
      ? [l10n.t('Alpha is no whole number, which Ollama refuses.')]
      : []),
  ];
}
