import { named } from './harmless';

/** Names in any package, or in none: then the import is not in this text. */
export const any = (list: string): RegExp => new RegExp(`(?:^|\\.)${named(list)}`);

/** What TRL's trainers are called: `SFTTrainer` has `SFTConfig`. */
const OF_TRL =
  `SFT DPO ORPO CPO KTO BCO GRPO RLOO PPO GKD GOLD XPO TPO NashMD OnlineDPO Reward PRM Distillation SDFT SDPO
  GMPO A2PO IterativeSFT AsyncGRPO`.split(/\s+/);

export const TRL_TRAINER = any(OF_TRL.map((name) => `*${name}Trainer *${name}v2Trainer`).join(' '));

/** Training arguments of transformers and TRL. */
export const TRAINING = any(`*TrainingArguments ${OF_TRL.map((name) => `*${name}Config *${name}v2Config`).join(' ')}`);

/** Packages of optimizers: every class they have is one. */
const OPTIMIZER_PACKAGE = new RegExp(
  `^${named(`torch.optim torch_optimizer bitsandbytes.optim lion_pytorch prodigyopt prodigy_plus_schedule_free schedulefree
    came_pytorch dadaptation pytorch_optimizer adam_mini galore_torch q_galore_torch apollo_torch torchao.optim optimi
    muon
    heavyball lomo_optim sophia adabelief_pytorch apex.optimizers deepspeed.ops.adam transformers.Adafactor
    transformers.AdamW transformers.optimization.Adafactor transformers.optimization.AdamW`).slice(
    0,
    -1,
  )}(?:\\.\\w+)*$`,
);

/** Optimizer classes, and functions that take the optimizer's arguments, by the end of their name. */
const OPTIMIZER_CLASS = new RegExp(
  `(?:^|\\.)(?:(?:Paged)?${named(`Adam AdamW Lion SGD Adagrad RMSprop LAMB Lamb LARS AdEMAMix Adan CAME Sophia* DAdapt*`).slice(0, -1)}` +
    `(?:8bit|4bit|Fp8|32bit)?|${named(`Adamax NAdam RAdam Adadelta Adafactor Rprop ASGD Muon SOAP Prodigy AdamWScheduleFree*
      SGDScheduleFree* RAdamScheduleFree* FusedAdam DeepSpeedCPUAdam optimizer_class optimizer_cls
      create_loraplus_optimizer`).slice(0, -1)})$`,
);

/** Learning rate schedules of torch, transformers and diffusers. */
const SCHEDULER_PATH = /(?:^|\.)lr_scheduler\._?[A-Z]\w*$/;
const MAKES_SCHEDULE = /(?:^|\.)(?:create|get|build|make)_(?:\w*_)?(?:schedule|scheduler|\w*_with_warmup)$/;
const SCHEDULER_NAME = any('*LR CosineAnnealingWarmRestarts ReduceLROnPlateau ChainedScheduler get_*schedule*');

/** Whether what is called makes a learning rate schedule. */
export function isScheduler(path: string): boolean {
  return SCHEDULER_PATH.test(path) || SCHEDULER_NAME.test(path) || MAKES_SCHEDULE.test(path);
}

/** Whether what is called is an optimizer's class, or what stands for one: its arguments are the optimizer's. */
export function isReadOptimizer(path: string): boolean {
  return (
    OPTIMIZER_CLASS.test(path) ||
    (OPTIMIZER_PACKAGE.test(path) && /\.[A-Z]\w*$/.test(path) && !/\.swa_utils\.|\.lr_scheduler\./.test(path))
  );
}
