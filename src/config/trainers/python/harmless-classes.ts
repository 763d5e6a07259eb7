import { BOTH, named, NUMBERS, WEIGHTS, type Held } from './harmless';

/** What a class of a script may do that is derived from a class of a library. */
export interface ClassRow {
  base: RegExp;
  /** What an object of the class holds. */
  makes: Held;
  /** What `self` holds in its methods. */
  self: Held;
  /** The methods that it may replace. */
  methods: RegExp;
  /** What each parameter of a method behind `self` holds, the last for all further ones; `*` for all methods. */
  gets: Readonly<Record<string, readonly Held[]>>;
  /** Methods that must give back nothing of the run. */
  returnsNothing?: RegExp;
}

const PACKAGES = '(?:(?:transformers|trl|unsloth|sentence_transformers|swift)\\.(?:[\\w.]+\\.)?)?';
/** Names of packages whose trainers and training arguments are read, and names of no package. */
export const OF_TRAINERS = new RegExp(`^${PACKAGES}\\w+$`);

const ROWS: readonly ClassRow[] = [
  {
    base: new RegExp(`^${PACKAGES}\\w*Trainer$`),
    makes: BOTH,
    self: BOTH,
    methods: new RegExp(
      `^${named(`__init__ __repr__ compute_loss log evaluate predict prediction_step evaluation_loop save_model _save
        _save_checkpoint get_*dataloader _get_*sampler _get_*dataloader _prepare_inputs _prepare_input compute_metrics
        _load_best_model _prepare_dataset tokenize_row push_to_hub create_model_card floating_point_ops data_collator
        _set_signature_columns_if_needed _remove_unused_columns store_metrics num_tokens _maybe_log_save_evaluate test
        generate* *_loss *_reward *_prompt *_metrics`)}`,
    ),
    gets: {
      compute_loss: [WEIGHTS, 0],
      prediction_step: [WEIGHTS, 0],
      log: [NUMBERS, 0],
      _save_checkpoint: [WEIGHTS, BOTH],
    },
    returnsNothing: /^(?!__init__$)/,
  },
  {
    base: /(?:^|\.)(?:Trainer)?Callback$/,
    makes: 0,
    self: 0,
    methods: /^(?:__init__|on_\w+|_\w+|[a-z]\w*)$/,
    gets: { '*': [BOTH], __init__: [0] },
  },
  {
    base: /(?:^|\.)\w*(?:TrainingArguments|(?:SFT|DPO|ORPO|CPO|KTO|GRPO|Reward|PPO)Config)$/,
    makes: NUMBERS,
    self: NUMBERS,
    methods: /^$/,
    gets: {},
  },
];

/** Attributes of a class of training arguments that decide the steps. */
export const DECIDING =
  /^(?:__|learning_rate|weight_decay|adam_|max_grad|optim|lr_sched|warmup|loraplus|embedding_l|create_|compute_)|_step$/;

/** Classes of transformers that see neither weights nor steps. */
const HELPERS =
  'transformers\\.(?:[\\w.]+\\.)?(?:\\w*Collator\\w*|StoppingCriteria|\\w*(?:Streamer|Pipeline|Processor)|\\w*Tokenizer\\w*)';

/** Classes of libraries of which derived classes may do as they like: nothing of a run is in them. */
export const PLAIN_BASES = new RegExp(
  `^${named(`object ABC Enum str int dict list tuple NamedTuple TypedDict BaseModel Protocol Generic** Thread
    abc.** enum.** typing.** typing_extensions.** collections.** threading.** pydantic.** datasets.** argparse.**
    unittest.** gradio.** fastapi.** json.** numpy.** dataclasses.** torch.utils.data.** *Dataset *Sampler DataLoader
    transformers.** *Collator* StoppingCriteria LogitsProcessor *Streamer *Pipeline *Processor *Tokenizer* *TestCase
    *Mixin*`).replace('transformers\\.[\\w.]+', HELPERS)}`,
);

/** The row of a class with these bases; null without a library's trainer, callback or arguments among them. */
export function classRow(bases: readonly string[]): ClassRow | null {
  return ROWS.find(({ base }) => bases.some((one) => base.test(one))) ?? null;
}

/** Whether a class with these bases is derived from a trainer or a callback. */
export const isDerived = (bases: readonly string[]): boolean => (classRow(bases)?.makes ?? NUMBERS) !== NUMBERS;
