import equivalentResults from '../fixtures/results/equivalent.json';
import identicalResults from '../fixtures/results/identical.json';
import ownRun from '../fixtures/results/own-run.json';
import recordedRun from '../fixtures/results/recording.json';
import { type PanelSubject, lossesOfResults, resultsView } from '../../src/extension/panel/opened-results';
import { recordedView, seriesOf } from '../../src/extension/panel/recorded-run';
import { readResults, type PytorchResults } from '../../src/export/results';
import { readRecording, type Recording } from '../../src/run/recording';
import type { ChangeRow, PanelView } from '../../src/messages/panel';
import { CURVES, DRAWS, EQUIVALENT, IDENTICAL, SAWED, STEPS, unknownState, WITH_FIT } from './curves';

/** A state of the panel to look at. */
export interface PreviewState {
  view: PanelView;
  /** Curves so far; empty before a run. */
  losses: number[][];
  /** Curves of the opened results. */
  results?: number[][];
}

/** Our names of the keys, and the powers of the laws. */
const FIELDS: Readonly<Record<string, string>> = {
  lora_alpha: 'alpha',
  'model.lora_alpha': 'alpha',
  learning_rate: 'learningRate',
  'optimizer.lr': 'learningRate',
  loraplus_lr_ratio: 'loraplusLrRatio',
  'init of A': 'init',
};
const MOVES: Readonly<Record<string, number>> = { '× √k': 0.5, '÷ √k': -0.5, '÷ k': -1 };

const row = (key: string, from: string, to: string, law: string, more: Partial<ChangeRow> = {}): ChangeRow => ({
  field: FIELDS[key] ?? key,
  ofFactor: false,
  moves: MOVES[law] === undefined ? null : { from: Number(from) || null, power: MOVES[law] },
  key,
  from,
  to,
  law,
  why: 'Adam divides by the gradient’s own size, so only the learning rate decides how far a step goes.',
  note: '',
  line: 7,
  ...more,
});

const NO_RUN: PanelView['run'] = {
  ...{ id: 0, state: 'none', stale: false, steps: STEPS, batches: 1, curves: [], summary: '' },
  ...{ verdict: null, error: null },
};

const DONE: PanelView['run'] = {
  ...NO_RUN,
  ...{ id: 1, state: 'done', curves: CURVES, summary: 'wasm · 11 variants × 200 steps · 0.41 s' },
  verdict: {
    kind: 'equivalent',
    headline: 'The same run, up to rounding',
    evidence: 'The loss differs by up to 0.002 %; rounding error alone: 0.003 %.',
    detail:
      '200 steps of one LoRA layer under AdamW: the losses differ by at most 0.002 % (rounding error alone: 0.003 %). At k = 4 the same powers give identical losses, so the difference is rounding error.',
    aside: 'Alpha alone: 54 % apart. The SGD rule lr/k: 115 %.',
  },
};

const CODE = `from math import sqrt

# After the model is built, before the optimizer: alpha goes from 16 to 48, so A starts at 1/sqrt(3) of its init.
for name, parameter in model.named_parameters():
    if "lora_A" in name:
        parameter.data /= sqrt(3)
`;

type Plan = PanelView['plans'][number];

function plan(id: Plan['id'], title: string, summary: string, measured: number, caveats: Plan['caveats'] = []): Plan {
  const exactness = id === 'symmetric' ? 'exact' : 'approximate';
  const needsCode = id === 'symmetric' || id === 'keep-b';
  return { id, title, summary, needsCode, exactness, says: exactness, measured, caveats };
}

/** The changes at an alpha; the law of each is the same at every k. */
const changesAt = (alpha: string, k: string, rate: string, decay: string, norm: string, eps: string, init: string) => [
  row('lora_alpha', '16', alpha, `× ${k}`),
  row('learning_rate', '3e-4', rate, '÷ √k'),
  row('weight_decay', '0.01', decay, '× √k'),
  row('max_grad_norm', '1.0', norm, '× √k', { note: 'default', line: null }),
  row('adam_epsilon', '1e-8', eps, '× √k', { note: 'default', line: null }),
  row('init of A', '1', init, '÷ √k', { note: 'in code', line: null }),
];

const CAVEAT: Plan['caveats'][number] = {
  code: 'clip-split',
  message: 'The gradients of A and B grow differently here, so no max grad norm is exact.',
};

const RECIPE: NonNullable<PanelView['recipe']> = {
  ...{ trainer: 'Axolotl', optimizer: 'adamw_torch', rank: 16, networks: ['adapter'], network: 0 },
  ...{ alpha: 16, scaling: 1, alphaKey: 'lora_alpha', scalingRule: 'standard', multiplier: 1 },
  ...{ wholeAlpha: false, canSwitchRslora: true, alphaAssumed: '' },
};

const VIEW: PanelView = {
  file: { name: 'llama3-lora.yml', path: 'recipes/llama3-lora.yml', state: 'ok', message: null, line: null },
  recipe: RECIPE,
  target: { alpha: 48, scalingRule: 'standard', scaling: 3, k: 3 },
  plans: [
    plan(
      'symmetric',
      'Rescale the init',
      'One learning rate. Axolotl’s config has no init scale: add three lines of Python.',
      2e-5,
    ),
    plan(
      'keep-init',
      'LoRA+ ratio',
      'Give B its own learning rate with the LoRA+ ratio. A stays as it is. No code needed.',
      0.081,
      [CAVEAT],
    ),
    plan('keep-b', 'Rescale A alone', 'Nothing of B changes. The init of A is divided by k in code.', 0.011),
    plan('lr-only', 'Learning rate only', 'No code. The closest that one learning rate gets.', 0.021),
  ],
  ranked: null,
  plan: 'symmetric',
  task: 'auto',
  changes: changesAt('48', '3', '1.73205e-4', '0.0173205', '1.73205', '1.73205e-8', '0.57735'),
  why: 'Adam’s step does not depend on the size of the gradient, so the learning rate changes by √k. The well-known lr/k holds for SGD only.',
  popularRule:
    'The popular rule "divide the learning rate by k, the init by √k" is right for SGD, whose steps are as large as the gradient. Those of AdamW are not: here the right rate is lr ÷ √k, and lr/k would be another run.',
  refusal: null,
  claim: null,
  notUnderstood: [],
  proposal: null,
  applied: null,
  assumptions: [
    'The run trains one LoRA layer, 16 wide, of rank 8 in place of 16, at your scaling, for 200 steps on 4 mini-batches in turn.',
  ],
  notes: [
    'LoRA dropout (0.05) uses the same masks in every variant, so it adds noise to the curves but no difference between them.',
  ],
  run: DONE,
  results: null,
  locked: null,
  canApply: true,
  code: CODE,
};

const with4 = (view: Partial<PanelView>): PanelView => ({
  ...VIEW,
  target: { alpha: 64, scalingRule: 'standard', scaling: 4, k: 4 },
  changes: changesAt('64', '4', '1.5e-4', '0.02', '2', '2e-8', '0.5'),
  ...view,
});

const shown = (view: Partial<PanelView>, losses = EQUIVALENT): PreviewState => ({ view: { ...VIEW, ...view }, losses });

const verdict = (
  kind: 'identical' | 'nearly' | 'different' | 'undecided',
  headline: string,
  detail: string,
  aside: string,
) => ({ ...DONE, verdict: { kind, headline, evidence: EVIDENCE[kind] ?? '', detail, aside } });

const EVIDENCE: Readonly<Record<string, string>> = {
  identical: 'Every loss of 200 steps has the same bits.',
  different: 'The loss differs by up to 4.9 %; rounding error alone: 0.003 %. It starts at step 2.',
};

const early = (losses: number[][], steps: number): number[][] => losses.map((curve) => curve.slice(0, steps));

const HOSTILE = '<img src=x onerror=alert(1)>"&\'.yml';

/** A state beside which these results were opened, which are about what the panel shows or about something else. */
function opened(
  view: PanelView,
  json: object,
  other: Partial<PanelSubject> = {},
): Pick<PreviewState, 'view' | 'results'> {
  const results = readResults(JSON.stringify(json), 'results.json') as PytorchResults;
  const subject = { ...results.check, titles: { symmetric: 'Rescale the init' }, ...other };
  return {
    view: { ...view, results: resultsView(results, { id: -1, isShown: true, subject }) },
    results: lossesOfResults(results),
  };
}

/** A state beside a recording, whose config says the same, or differs in these things. */
function recorded(
  view: PanelView,
  differs: readonly (readonly [line: number | null, message: string])[] = [],
): PreviewState {
  const recording = readRecording(JSON.stringify(recordedRun), 'run.json') as Recording;
  const agrees = differs.length === 0;
  const says: typeof differs = agrees ? [[null, AGREES]] : differs;
  const severity = agrees ? 'info' : 'warning';
  const findings = says.map(
    ([line, message]) => ({ code: 'run-differs', severity, message, line, range: null }) as const,
  );
  const results = recordedView(recording, { agrees, findings }, -1, true);
  // The recording settles what is claimed.
  const plans = view.plans.map((plan): Plan => {
    if (!agrees) return { ...plan, exactness: 'approximate', says: 'approximate' };
    return plan.says === 'exact' ? { ...plan, says: 'exact for the run recorded' } : plan;
  });
  return { view: { ...view, plans, results }, results: seriesOf(recording).values, losses: EQUIVALENT };
}

const AGREES =
  'The recording agrees with this file. This rests on a recording (train.py, 20 steps, torch 2.13.0+cpu, transformers 5.24.0, peft 0.21.2): it holds for that program with these versions. What happens after step 20 was not recorded.';

/** Where there is no plan. */
const NO_PLAN = {
  ...{ plans: [], changes: [], why: '', popularRule: '', code: null, run: NO_RUN, canApply: false },
} satisfies Partial<PanelView>;

/** The panel over a file without a recipe: why, and nothing else. */
const withoutRecipe = (state: PanelView['file']['state'], name: string, message: string): PreviewState =>
  shown({ file: { ...VIEW.file, name, path: name, state, message }, recipe: null, ...NO_PLAN, notes: [] }, []);

const RANK_TARGET: PanelView['target'] = { alpha: 16, scalingRule: 'standard', scaling: 0.25, k: 0.25, rank: 64 };

const rule = (id: string, title: string, says: string, numbers: string, measured = ''): Plan => ({
  ...{ id, title, summary: '', needsCode: false, exactness: 'approximate', says, measured: null, caveats: [] },
  rule: { numbers, measured },
});

const RANK_RULES: Plan[] = [
  {
    ...rule('keep-alpha', 'Keep alpha and the learning rate', 'recommended', 'alpha 16 · lr 3e-4'),
    summary:
      'µA: at s = alpha/r the best learning rate does not depend on the rank. LoRA Without Regret: at alpha 32 it varies by less than 2 from rank 4 to 512.',
  },
  rule('mua-root', 'Alpha by √r, learning rate by r^(−1/4)', 'published', 'alpha 32 · lr 2.121e-4'),
  rule('mua-scaling', 'Keep the scaling, learning rate by r^(−1/2)', 'published', 'alpha 64 · lr 1.5e-4'),
  rule('rslora', 'Alpha by √r, keep the learning rate', 'published', 'alpha 32 · lr 3e-4'),
  rule('alpha-2r', 'Alpha = 2r, keep the learning rate', 'habit', 'alpha 128 · lr 3e-4'),
];
const BEST = ['best lr × 1.06', 'best lr × 1.1', 'best lr × 0.98', 'best lr ÷ 1.31', 'best lr ÷ 2.14'];

const RANK_VERDICT: NonNullable<PanelView['run']['verdict']> = {
  kind: 'measured',
  headline: 'Test model, 100 steps: the best learning rate stays',
  evidence:
    'With alpha kept the best learning rate stays (× 1.06, ×÷ 1.3). With alpha 128 the best learning rate falls (÷ 2.14, ×÷ 1.3).',
  aside: '',
  detail:
    "Measured on a test model (transformer, width 64, ranks 16 and 64, 4 draws) in 100 steps, with this optimizer. Your model may differ, and the best learning rate itself does not transfer, nor to other numbers of steps. Left alone, the learning rate costs 0.4 % of what training wins there. The control, A's rows repeated, is off by 3e-5 %.",
};

const RATES = Array.from({ length: 10 }, (_, i) => 2 ** (i - 12));
const RATE_LOSSES = [0, 0.1, -0.8, -1.4].map((shift, i) =>
  RATES.map((_, at) => 0.7 - 0.02 * i + Math.min(0.9, ((at - 5 - shift) / 3.4) ** 2 * (at > 5 + shift ? 1.6 : 0.8))),
);
const RANK_RUN: PanelView['run'] = {
  ...{ id: 1, state: 'done', stale: false, steps: 900, batches: 1, done: 900, rates: RATES, error: null },
  curves: [
    { name: 'base', label: 'rank 16', role: 'base', mark: 5 },
    { name: 'keep-alpha', label: 'rank 64, alpha 16', role: 'rescaled', mark: 5 },
    { name: 'rslora', label: 'rank 64, alpha 32', role: 'blog-rule', mark: 5 },
    { name: 'alpha-2r', label: 'rank 64, alpha 128', role: 'alpha-only', mark: 5 },
  ],
  summary: '8 trainings × 100 steps · 14.2 s',
  verdict: RANK_VERDICT,
};

/** The panel at another rank. */
function ofRank(view: Partial<PanelView>, losses: number[][] = []): PreviewState {
  const isMeasured = view.run?.state === 'done';
  return shown(
    {
      target: RANK_TARGET,
      ranked: {
        heading: 'Recommended',
        note: 'A recommendation: another rank is another run.',
        untested: 'A test trains a small model at rank 16 and 64, over many learning rates.',
      },
      plans: RANK_RULES.map((each, i) => ({
        ...each,
        rule: { numbers: each.rule?.numbers ?? '', measured: (isMeasured && BEST[i]) || '' },
      })),
      plan: 'keep-alpha',
      changes: [
        row('lora_r', '16', '64', 'as asked', { field: 'rank', why: '' }),
        row('lora_alpha', '16', '16', 'unchanged'),
        row('learning_rate', '3e-4', '3e-4', ''),
      ],
      ...{ why: '', popularRule: '', code: null, notes: [], assumptions: [] },
      ...view,
    },
    losses,
  );
}

/** Every state the page knows, by name. */
export const STATES = {
  equivalent: shown({}),
  'before-first-run': shown({ run: NO_RUN, plans: VIEW.plans.map((each) => ({ ...each, measured: null })) }, []),
  starting: shown(
    {
      run: { ...DONE, state: 'running', verdict: null, summary: 'wasm · 11 variants × 200 steps' },
      plans: VIEW.plans.map((each) => ({ ...each, measured: null })),
    },
    [],
  ),
  running: shown(
    { run: { ...DONE, state: 'running', verdict: null, summary: 'wasm · 11 variants × 200 steps' } },
    early(EQUIVALENT, 84),
  ),
  stopped: shown({ run: { ...DONE, state: 'stopped', verdict: null } }, early(EQUIVALENT, 57)),
  identical: {
    view: with4({
      run: verdict(
        'identical',
        'The same run, to the last bit',
        '200 steps of one LoRA layer under AdamW: every loss and every weight equal, all 32 bits of them.',
        'Alpha alone: 61 % apart. The SGD rule lr/k: 135 %.',
      ),
      plans: VIEW.plans.map((plan) => ({ ...plan, measured: plan.id === 'symmetric' ? 0 : 0.034 })),
    }),
    losses: IDENTICAL,
  },
  nearly: {
    view: with4({
      plan: 'keep-init',
      code: null,
      run: verdict(
        'nearly',
        'The same run here, though the plan is not exact',
        '200 steps of one LoRA layer under AdamW: the losses differ by at most 1.1e-5 % (rounding error alone: 1.2e-5 %). Different from the rule: eps of B stays (rule: × 4). At k = 4, where rescaling adds no rounding error, that changes the losses by 1.1e-5 %.',
        'With numbers like these it does not matter. eps matters only if gradients are about as small: smaller gradients or a larger eps would show it.',
      ),
      plans: VIEW.plans.map((plan) => ({ ...plan, measured: plan.id === 'keep-init' ? 1.1e-7 : plan.measured })),
      changes: [row('lora_alpha', '16', '64', '× 4'), row('loraplus_lr_ratio', '1', '0.25', '÷ k')],
    }),
    losses: EQUIVALENT,
  },
  different: shown(
    {
      plan: 'lr-only',
      code: null,
      run: {
        ...verdict(
          'different',
          'Not the same run',
          'With the learning rate alone the curve leaves the band of rounding at step 2 and is 4.9 % away at step 58.',
          'The closest single learning rate here is 1.86e-4 (× 0.62): 2.4 % apart at best, so not the same run either. Alpha alone explodes at step 120.',
        ),
        curves: WITH_FIT.curves,
      },
      changes: VIEW.changes.slice(0, 2),
    },
    WITH_FIT.losses,
  ),
  seeds: shown(
    { run: { ...DONE, curves: DRAWS.curves, summary: 'wasm · 27 variants × 200 steps · 0.62 s' } },
    DRAWS.losses,
  ),
  undecided: shown(
    {
      run: verdict(
        'undecided',
        'This run cannot tell',
        'Alpha alone stays within the band of rounding too: 200 steps at this rate hardly move the loss.',
        'Try a larger learning rate or more steps.',
      ),
    },
    EQUIVALENT.map((curve) => curve.map((loss) => Math.fround(1 + loss * 1e-5))),
  ),
  failed: shown(
    { run: { ...DONE, state: 'failed', verdict: null, error: 'The training worker ended unexpectedly.' } },
    early(EQUIVALENT, 40),
  ),
  'not-understood': {
    view: with4({
      claim: 'Exact for what was read. Not understood: line 31, `optimizers=(make_optimizer(model), None)`, and 1 more',
      notUnderstood: [
        {
          line: 31,
          source: 'optimizers=(make_optimizer(model), None)',
          why: 'The optimizer is made elsewhere, so its learning rates and its rule are unknown.',
        },
        { line: 40, source: 'args.learning_rate = pick_rate()', why: 'The learning rate is set after it was read.' },
      ],
      locked: '',
      canApply: false,
      run: verdict(
        'undecided',
        'Exact for what was read. Not understood: line 31, `optimizers=(make_optimizer(model), None)`, and 1 more',
        'The optimizer is made elsewhere, so its learning rates and its rule are unknown. The learning rate is set after it was read.',
        '200 steps of one LoRA layer under AdamW: every loss has the same bits.',
      ),
      plans: VIEW.plans.map((plan) => ({
        ...plan,
        exactness: 'approximate' as const,
        says: plan.exactness === 'exact' ? 'exact for what was read' : 'approximate',
      })),
    }),
    losses: IDENTICAL,
  },
  applied: shown(
    {
      ...NO_PLAN,
      recipe: { ...RECIPE, alpha: 48, scaling: 3 },
      target: { alpha: 48, scalingRule: 'standard', scaling: 3, k: 1 },
      refusal: 'Alpha is 48 already, so there is nothing to change. Choose another target.',
      applied: {
        what: 'alpha 16 → 48',
        outside: 'adam_epsilon × 1.732',
        code: CODE,
        codeFile: {
          name: 'rescale_init.py',
          configLine: 'plugins: [rescale_init.RescaleInit]',
          needs:
            'Start Axolotl in the folder of rescale_init.py, or add that folder to PYTHONPATH. If Axolotl logs "Failed to load plugin", it trains with the undivided init.',
          isUpdate: false,
        },
        isSaved: false,
        isNamed: false,
        isCodePlaced: false,
        canInsert: false,
      },
    },
    [],
  ),
  asked: shown({ proposal: { what: 'alpha 16 → 48', remark: '' } }),
  cycles: shown({ run: { ...DONE, batches: 4 } }, SAWED),
  trained: {
    view: with4({
      file: { ...VIEW.file, name: 'adapter_config.json', path: 'out/adapter_config.json' },
      locked:
        'This adapter is trained (inference_mode is true). Another alpha here would multiply what it has learned by k. Change alpha in the config or script that trains.',
      canApply: false,
      run: verdict(
        'undecided',
        'Not exact for this file',
        'This adapter is trained (inference_mode is true). Another alpha here would multiply what it has learned by k. Change alpha in the config or script that trains.',
        'The small model does not show it. 200 steps of one LoRA layer under AdamW: every loss has the same bits.',
      ),
    }),
    losses: IDENTICAL,
  },
  results: { ...opened(VIEW, equivalentResults), losses: EQUIVALENT },
  'own-run': { ...opened(VIEW, ownRun), losses: EQUIVALENT },
  recorded: recorded(VIEW),
  'recorded-differs': recorded(with4({}), [
    [17, '0.01 was read for weight decay, and the run had 0.'],
    [9, 'The run had 4 for the ratio of LoRA+; this file does not say.'],
    [
      null,
      'The run also trained 3 parameters beside LoRA: lm_head.weight, model.norm.weight, model.embed_tokens.weight.',
    ],
  ]),
  'results-other': {
    ...opened(with4({}), identicalResults, { config: 'llama3-lora.yml', alpha: [16, 48], plan: 'keep-init' }),
    losses: EQUIVALENT,
  },
  stale: shown(with4({ run: { ...DONE, stale: true } })),
  broken: shown({
    file: {
      ...VIEW.file,
      state: 'broken',
      message: 'Line 9 starts with a tab, which YAML does not allow for indentation. Use blanks.',
      line: 9,
    },
    run: { ...DONE, stale: true },
    canApply: false,
  }),
  foreign: withoutRecipe(
    'foreign',
    'compose.yml',
    'It has no key of a LoRA trainer: lora_alpha, lora_r, network_alpha …',
  ),
  unread: withoutRecipe(
    'unread',
    'adapter_config.json',
    'LoRA Alpha does not read configs of adapters of type LOHA, only of LoRA.',
  ),
  gone: shown({
    file: { ...VIEW.file, state: 'gone', message: 'It was deleted or moved. Open a config to go on.' },
    run: { ...DONE, stale: true },
    canApply: false,
  }),
  refusal: shown(
    {
      ...NO_PLAN,
      recipe: { ...RECIPE, trainer: 'kohya sd-scripts', optimizer: 'AnySophia' },
      refusal:
        'The optimizer AnySophia is not known here, so nobody can say how its learning rate changes. Choose one of the known.',
    },
    [],
  ),
  'nothing-to-change': shown(
    {
      ...NO_PLAN,
      target: { alpha: 16, scalingRule: 'standard', scaling: 1, k: 1 },
      refusal: 'Alpha is 16 already. Choose another target.',
    },
    [],
  ),
  sgd: {
    view: with4({
      recipe: {
        ...RECIPE,
        trainer: 'torchtune',
        optimizer: 'torch.optim.SGD',
        alphaAssumed: 'Nobody wrote alpha: torchtune takes 16.',
      },
      changes: [
        row('model.lora_alpha', '16', '64', '× 4', { note: 'default', line: null }),
        row('optimizer.lr', '0.1', '0.025', '÷ k'),
        row('init of A', '1', '0.5', '÷ √k', { note: 'in code', line: null }),
      ],
      why: 'SGD’s step grows with the gradient, and the gradient grows with √k: here the well-known lr/k is right.',
      run: {
        ...DONE,
        curves: CURVES.filter(({ role }) => role !== 'blog-rule'),
        verdict: {
          kind: 'identical',
          headline: 'The same run, to the last bit',
          evidence: 'Every loss of 200 steps has the same bits.',
          detail:
            '200 steps of one LoRA layer under SGD: every loss and every weight equal. For SGD the well-known rule lr/k is this rule.',
          aside: 'Alpha alone: 61 % apart.',
        },
      },
    }),
    losses: IDENTICAL.filter((_, index) => CURVES[index]?.role !== 'blog-rule'),
  },
  networks: shown({
    file: { ...VIEW.file, name: 'sdxl-lora.toml', path: 'sdxl-lora.toml' },
    recipe: {
      ...{ ...RECIPE, trainer: 'kohya sd-scripts', optimizer: 'AdamW8bit' },
      ...{ networks: ['unet', 'text encoder', 'conv (network_args)'], network: 1 },
    },
    changes: [
      row('learning_rate', '', 'your rate ÷ 1.732', '÷ √k', { note: 'in your script', line: null }),
      ...VIEW.changes.slice(2),
    ],
  }),
  'rank-before': ofRank({ run: NO_RUN }),
  'rank-running': ofRank({
    run: {
      ...RANK_RUN,
      state: 'running',
      verdict: null,
      curves: [],
      rates: [],
      done: 420,
      summary: '8 trainings × 100 steps',
    },
  }),
  'rank-measured': ofRank({ run: RANK_RUN }, RATE_LOSSES),
  'rank-undecided': ofRank(
    {
      run: {
        ...RANK_RUN,
        verdict: {
          ...RANK_VERDICT,
          kind: 'undecided',
          headline: 'Test model, 100 steps: undecided',
          evidence:
            'With alpha kept it is undecided (× 1.6, ×÷ 3.1): the draws disagree. More of them would narrow it.',
        },
      },
      plans: RANK_RULES,
    },
    RATE_LOSSES.map((curve, i) => curve.map((loss, at) => loss + 0.12 * Math.sin(3 * at + i))),
  ),
  'rank-flat': ofRank(
    {
      run: {
        ...RANK_RUN,
        verdict: {
          ...RANK_VERDICT,
          headline: 'Test model, 100 steps: the learning rate hardly matters here',
          evidence:
            'With alpha kept the learning rate hardly matters here: a range of 6.2 octaves is within 5 % of the best.',
        },
      },
    },
    RATE_LOSSES.map((curve) => curve.map((loss) => (loss < 1.35 ? 0.71 + 0.01 * loss : loss))),
  ),
  'rank-refused': shown(
    {
      ...NO_PLAN,
      target: { ...RANK_TARGET, scaling: 1 },
      ranked: { heading: '', note: '', untested: '' },
      refusal: 'ai-toolkit ignores alpha: it sets alpha to the rank for transformer models, so the scaling is 1.',
    },
    [],
  ),
  hostile: shown({
    file: { ...VIEW.file, name: HOSTILE, path: `deeply/nested/${HOSTILE}` },
    changes: [row(HOSTILE.repeat(2), HOSTILE, '1.7976931348623157e308', '÷ √k'), ...VIEW.changes],
    notes: [HOSTILE],
  }),
} satisfies Record<string, PreviewState>;

/** A state as the host would send it. */
export function stateOf(name: string): PreviewState {
  return Object.entries(STATES).find(([each]) => each === name)?.[1] ?? unknownState(name);
}
