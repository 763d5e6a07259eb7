import { any, BOTH, CLEAN, CLIPS, named, NOT_IN_16_BITS, NUMBERS, PARTS, READS, SAME, WEIGHTS } from './harmless';
import { words, type Held, type Row } from './harmless';
import { isReadOptimizer } from './optimizers';
import { isScheduler } from './schedules';
import { TRAINING } from './tree';

const MODELS = 'transformers trl unsloth unsloth_zoo diffusers sentence_transformers optimum';
const RUNS = `${MODELS} torch peft accelerate bitsandbytes deepspeed lightning pytorch_lightning loralib torchao
  galore_torch`;

/** Packages whose code decides a run: a call of theirs needs a row, whatever it gets. */
export const DECIDES = new RegExp(`^(?:${[...words(RUNS)].join('|')})(?:\\.|$)`);

/** Attributes of libraries and classes that are texts or types of numbers: nothing that is set on them changes a run. */
export const CONSTANTS = /^(?:b?float\w*|half|u?int\d+|long|bool|double|device|dtype|__(?:version|name|file|doc)__)$/;
/** Functions and methods that tell the type, shape or place of a value, not the value. */
export const TELLS_KIND = /^(?:is.*|hasattr|callable|id|numel|size|dim|element_size|data_ptr|stride|untyped_storage)$/;
/** Functions whose result has a length that depends on the values they are given. */
export const SIZING =
  /^(?:(?:frozen)?set|dict|fromkeys|str|repr|format|dumps|loads|Counter|OrderedDict|\w*groupby|filter|asdict)$/;

/** Arguments whose numbers a plan changes. */
export const MOVED =
  words(`lora_alpha alpha_pattern learning_rate lr weight_decay eps adam_epsilon max_grad_norm max_norm clip_value
  eta_min min_lr max_lr base_lr lr_end lr_scheduler_kwargs optim_args embedding_learning_rate loraplus_weight_decay`);

const numbers = (gives: Held): Row => ({ takes: 'numbers', gives, isRead: true });
/** Gradients in float16 have a loss scale that no plan moves. */
const NOT_IN_FLOAT16 = /^(?:["'](?:no|bf16)["']|None|True|False)$/;
const MODEL: Row = { takes: 'anything', gives: WEIGHTS };
const IS_FALSE = /^(?:False|None)$/;

/** Classes whose objects are called to evaluate a model, and one whose objects have an attribute of any name. */
export const EVALUATORS = /^sentence_transformers\.(?:\w+\.)*\w+Evaluator$/;
export const MOCK = /^unittest\.mock\.(?:Magic)?Mock$/;

/** Names in some packages, in whatever module; the full names where no package is given. */
const of = (packages: string, list: string): RegExp =>
  new RegExp(`^${packages && `(?:${packages.split(' ').join('|')})\\.(?:[\\w.]+\\.)?`}${named(list)}`);
/** A name of a package that is known, or of none. */
const known = (pattern: RegExp) => (path: string) =>
  pattern.test(path) && (DECIDES.test(path) || !path.includes('.') || path.startsWith('swift.'));
const ours = (list: string): ((path: string) => boolean) => known(any(list));

/** Names of Python, and of libraries that read or print what they get. */
const READING = `print len isinstance hasattr id callable issubclass dir help open *Error *Exception input object exit
  pprint pprint.pprint dict.fromkeys display IPython.display.display inspect.signature inspect.getsource json.load
  json.dump yaml.* pickle.* OmegaConf.* omegaconf.OmegaConf.* wandb.** mlflow.** swanlab.** comet_ml.** neptune.**
  aim.** logging.** logger.* np.save* warnings.* gc.* os.** time.* pathlib.* rich.** clearml.** trackio.* evaluate.*
  loguru.logger.debug loguru.logger.info loguru.logger.success loguru.logger.warning loguru.logger.error plt.**
  matplotlib.** datasets.** torch.isnan torch.isinf torch.isfinite torch.save torch.is_tensor torch.is_floating_point
  torch.numel torch.no_grad torch.inference_mode torch.enable_grad torch.set_float32_matmul_precision
  torch.autograd.*detect_anomaly`;
const PASSING = `list tuple set sorted reversed enumerate zip iter next dict copy.copy copy.deepcopy deepcopy
  itertools.c* itertools.chain.from_iterable itertools.islice itertools.zip_longest itertools.product chain islice
  cycle tqdm** cast typing.cast torch.compile DDP torch.nn.DataParallel torch.nn.parallel.*`;
const COMPUTING = `getattr type vars str repr format hash json.dumps json.loads int float bool sum max min abs round
  any all math.* np.mean np.std np.sum np.max np.min np.median np.array np.asarray np.stack np.concatenate
  np.linalg.norm np.percentile np.float* torch.is_nonzero torch.equal torch.allclose dataclasses.asdict asdict
  dataclasses.fields collections.* OrderedDict torch.norm torch.stack torch.cat torch.tensor torch.sqrt torch.sum
  torch.*s_like torch.empty_like torch.linalg.norm torch.linalg.vector_norm torch.nn.utils.get_total_norm`;
const MODEL_CLASSES = `*Model.from_pretrained *Model.from_config *For*.from_pretrained *For*.from_config
  UNet*.from_pretrained *Model.from_single_file *Transformer*.from_pretrained *Pipeline.from_pretrained
  AutoencoderKL*.from_pretrained *Encoder.from_pretrained *LM.from_pretrained CLIP*.from_pretrained get_peft_model
  inject_adapter_in_model prepare_model_for_*_training PeftModel PeftModelForCausalLM PeftModelForSeq2SeqLM
  PeftMixedModel`;
/** Unsloth's add_new_tokens has a sentence of its own. */
const HELPERS = `zero.GatheredParameters set_z3_leaf_modules fsdp_auto_wrap_policy dispatch_model offload_models
  add_new_tokens convert_*state_dict_to_* is_compiled_module unet_lora_state_dict free_memory _to_cpu_contiguous
  load_or_create_model_card populate_model_card _collate_lora_metadata _set_state_dict_into_text_encoder
  *Pipeline.save_lora_weights`;
const OF_MODELS = `*Tokenizer* *Tokenizer*.* *Processor *Processor.* *FeatureExtractor.* *Collator* *Collator*.*
  GenerationConfig GenerationConfig.* BitsAndBytesConfig *Streamer TaskType.* *Scheduler *Scheduler.* InputExample
  *Evaluator`;
const SETUP = `set_seed get_chat_template train_on_responses_only standardize_* apply_chat_template
  default_data_collator get_last_checkpoint AutoConfig.* setup_chat_format set_verbosity_* logging.*`;
const OF_ACCELERATE = `*Kwargs *Plugin *Configuration *State is_* get_* release_memory init_empty_weights
  notebook_launcher *Accelerator LocalSGD [A-Z]*.* set_seed *_bytes *_object* send_to_device execute_subprocess_*
  infer_auto_device_map find_executable_batch_size clear_device_cache`;
const CLASSES = '*Model *ForCausalLM *ForConditionalGeneration *Classification *LMHeadModel';
const CONFIGS = 'PeftConfig.from_pretrained is_* (?:LoftQ|Eva|Kasa|Monteclora|Velora|BdLora)Config';

const PLAIN = `_* resolve* deprecate* is* get* load* find* check* compute* convert* maybe* standardize* to* parse* make*
  read* save* create* prepare* format* generate* download* test* execute* launch* apply_chat* set_seed* logging*
  (?![A-Z0-9_]+.)[A-Z]*(?:.(?:from|get|load|is|check|create|decode|encode|apply|parse|make|save|map|to)*)?`;

/** What is called, by its full name, and what that does; the first row that fits. */
const ROWS: readonly (readonly [RegExp | ((path: string) => boolean), Row])[] = [
  // What a run is read from
  [known(any('LoraConfig')), numbers(NUMBERS)],
  [known(TRAINING), numbers(NUMBERS)],
  [ours('SequentialLR ChainedScheduler'), { takes: 'anything', gives: NUMBERS }],
  [isScheduler, numbers(NUMBERS)],
  [isReadOptimizer, { takes: 'parameters', gives: BOTH, isRead: true }],
  [ours('clip_grad_norm_ clip_grad_value_'), CLIPS],
  [ours('Fast*.get_peft_model'), numbers(WEIGHTS)],
  [known(/(?:^|\.)(?!Patch)\w*Trainer(?:V2)?$/), { takes: 'trainer', gives: BOTH }],
  // Models. A trained adapter has the scaling it was trained at.
  [ours('Fast*.from_pretrained'), { takes: 'anything', gives: 'first' }],
  [ours('Fast*.for_inference Fast*.for_training unsloth_train'), SAME],
  [ours('(?:Auto)?PeftModel*.from_pretrained'), { ...MODEL, may: { is_trainable: [3, IS_FALSE] } }],
  [ours('get_peft_model'), { ...MODEL, may: { '4': [4, /^True$/] } }],
  [ours(MODEL_CLASSES), MODEL],
  [of('sentence_transformers', 'SentenceTransformer *Encoder'), { ...MODEL, may: { modules: [1, IS_FALSE] } }],
  [of('', 'timm.create_model torchvision.models.*'), MODEL],
  [of('transformers diffusers', CLASSES), MODEL],
  [ours('cast_training_params'), { ...READS, may: { dtype: [1, NOT_IN_16_BITS] } }],
  [ours(HELPERS), READS],
  [of('swift', 'find_* get_*'), READS],
  [of('transformers diffusers trl peft unsloth', '*Pipeline pipeline *Callback generate_rollout_completions'), READS],
  [of('sentence_transformers', 'losses.* util.* evaluation.* *Loss'), READS],
  [of('', '(?:accelerate.)?Accelerator'), { ...CLEAN, gives: BOTH, may: { mixed_precision: [2, NOT_IN_FLOAT16] } }],
  // Python and torch
  [of('', 'map filter'), { ...SAME, calls: true }],
  [of('', 'super'), { takes: 'anything', gives: BOTH }],
  [of('', READING), READS],
  [of('', PASSING), SAME],
  [of('', COMPUTING), PARTS],
  [of('', 'range torch.manual_seed torch.set_grad_enabled np.** numpy.**'), CLEAN],
  [of('transformers accelerate', 'set_seed'), CLEAN],
  [of('accelerate', '*State'), { ...READS, may: { mixed_precision: [0, NOT_IN_FLOAT16] } }],
  [of('torch', 'autocast'), { ...CLEAN, may: { dtype: [1, /^torch\.bfloat16$/, true] } }],
  [/^torch\.(?:cuda|mps|xpu|npu|accelerator|compiler|testing|backends|version|random)\.(?!amp\b)[\w.]+$/, READS],
  [/^(?:\w+\.__version__|torch\.(?:utils\.tensorboard|distributed\.(?:fsdp|checkpoint)))\.[\w.]+$/, READS],
  [/^torch\.(?:distributed|distributed\.elastic\.\w+|utils\.data|nn\.utils\.rnn)\.[\w.]+$/, CLEAN],
  [/^torch\.(?!set_|use_|_|autograd|compile(?!d_)|jit|fx|overrides|optim|nn|amp|library|func)[a-z]\w*$/, CLEAN],
  // A layer of its own trains only if its parameters are given to the optimizer, or it is put into the model.
  [/^(?:torch\.nn\.functional|F)\.\w+$|^torch\.nn\.[A-Z]\w*$|^torch\.\w*Tensor$|^torch\.(?:Size|Generator)$/, CLEAN],
  // The libraries of models
  [of(`${MODELS} datasets peft`, OF_MODELS), READS],
  [of(`${MODELS} peft accelerate`, SETUP), SAME],
  [ours('get_peft_model_state_dict'), PARTS],
  [of('peft', CONFIGS), READS],
  // It may be in the place of LoRA, but its numbers are its own.
  [of('peft', 'AdaLoraConfig'), { ...READS, may: { r: [0, /^$/, true] } }],
  // They clip too, by 1 where they are given nothing (accelerate 1.15, utils/dataclasses.py and _prepare_deepspeed).
  [of('accelerate', 'DeepSpeedPlugin MegatronLMPlugin'), { ...READS, may: { gradient_clipping: [2, /^$/, true] } }],
  [of('accelerate', 'DistributedDataParallelKwargs'), { ...READS, may: { comm_hook: [7, /\.NO$/] } }],
  [of('accelerate', 'Fully*Plugin'), { ...READS, may: { mixed_precision_policy: [4, NOT_IN_FLOAT16] } }],
  [of('accelerate', OF_ACCELERATE), READS],
  // Classes and functions that get nothing of the run
  [of(`${MODELS} torchao bitsandbytes`, PLAIN), CLEAN],
];

const KEPT = new Map<string, Row | null>();
/** The largest number of names whose rows are kept. */
const MOST_KEPT = 10_000;

/** What is known of a function or class of a library, by its full name; null if nothing is. */
export function rowOf(path: string): Row | null {
  const before = KEPT.get(path);
  if (before !== undefined) return before;
  const row = ROWS.find(([fits]) => (typeof fits === 'function' ? fits(path) : fits.test(path)))?.[1] ?? null;
  if (KEPT.size < MOST_KEPT) KEPT.set(path, row);
  return row;
}
