import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { adapterCommand, type AdapterOptions } from './commands/adapter';
import { checkCommand } from './commands/check';
import { compareCommand } from './commands/compare';
import { explanation } from './commands/explain';
import { exportCommand } from './commands/export';
import { lintCommand } from './commands/lint';
import { planCommand } from './commands/plan';
import { rankCommand } from './commands/rank';
import { readCommand } from './commands/read';
import { recordCommand, type RecordOptions } from './commands/record';
import { rewriteCommand } from './commands/rewrite';
import { signatureCommand } from './commands/signature';
import { sweepCommand } from './commands/sweep';
import { tryCommand, type TryOptions } from './commands/try';
import { completion, SHELLS } from './completion';
import { errorLine, EXIT, type ExitCode, Failure, reasonOf, usage } from './failure';
import { type Ended, failed as failedDocument, forEach, printed } from './files/several';
import { optionOf, type OptionName } from './options';
import { listed, oneOf } from './parse-numbers';
import { json } from '../messages/answers';
import { beQuiet, complain, exact, print } from './terminal';
import { exitWhenInterrupted } from './training';

const EXAMPLES = `
Examples:
  lora-alpha read config.yml                     what the config says
  lora-alpha plan config.yml --alpha 64          what to change for alpha 64
  lora-alpha plan config.yml --rslora on         what to change for rank-stabilised scaling
  lora-alpha check config.yml --alpha 64         train both, and say if they are the same run
  lora-alpha rewrite config.yml --alpha 64       the change as a diff; --write makes it
  lora-alpha rewrite config.yml --rank 64        another rank, alpha and learning rate as recommended
  lora-alpha export config.yml --alpha 64 --out check_alpha.py   a check with PyTorch, for your model
  lora-alpha export config.yml --alpha 64 --checkpoint --out convert.py   moves a checkpoint to alpha 64
  lora-alpha export config.yml --engine ray --alpha 16,32,64 --out sweep   many such checks, on a Ray cluster
  lora-alpha compare config.yml other.toml       whether both are the same run
  lora-alpha lint configs --base origin/main     findings, and which changed configs are still the same run
  lora-alpha signature config.yml other.toml     the name of each run, the same for the same run
  lora-alpha adapter out/checkpoint-500          what a trained adapter is: rank, alpha, scaling, norm
  lora-alpha adapter out/checkpoint-500 --engine vllm,llama.cpp   whether these engines apply it as it was trained
  lora-alpha adapter out/checkpoint-500 --portable --out portable   the form that every engine reads alike
  lora-alpha plan configs/ 'more/**/*.yml' --alpha 64   every config of a folder and a glob
  lora-alpha rank config.yml --rank 64           which alpha and learning rate at rank 64, measured
  lora-alpha explain alpha-implied               what a finding means
  lora-alpha sweep --alphas 1/4,1,4,16,64,256    six alphas, one curve
  lora-alpha record -- python train.py           what your program really trains, in run.json
  lora-alpha try --alpha 64 -- python train.py   alpha 64 in your own run, without changing a file

A file named - is standard input.
Exit status: 0 the same or done, 1 different, 2 undecided, nothing to do,
or a rewrite whose learning rate is not in the file and must move as well, 64 wrong usage.`;

/**
 * Runs the command line `args` (without node and script).
 * @returns the exit status; every error has been told in one line
 */
async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  // What stands after `--` belongs to the user's program.
  const end = ['record', 'try'].includes(args[0] ?? '') ? args.indexOf('--') : -1;
  const [own, command] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  const program = buildProgram((code) => (exitCode = code), command);
  try {
    if (args.length === 0) {
      const names = program.commands.map((command) => command.name());
      throw usage(`no command was given; it must be ${listed(names)} (see lora-alpha --help)`);
    }
    await program.parseAsync([...own], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof Failure)) throw error;
    if (args.includes('--json')) print(json(failedDocument(error)));
    complain(errorLine(error.message));
    return error.exitCode;
  }
}

function buildProgram(finish: (code: ExitCode) => void, command: readonly string[]): Command {
  const program = new Command('lora-alpha')
    .description('Says what changing LoRA alpha does, computes the equivalent recipe, proves it, writes it.')
    .version(version)
    .addHelpText('after', EXAMPLES)
    .configureHelp({ minWidthToWrap: 30 })
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: complain,
      outputError: (message, write) =>
        write(errorLine(`${message.replace(/^error: /, '').trim()} (see lora-alpha --help)`)),
    });

  const add = <Given extends unknown[]>(
    usage: string,
    description: string,
    options: readonly OptionName[],
    run: (...given: Given) => Promise<ExitCode>,
  ): void => {
    const added = program.command(usage).description(description);
    const examples = EXAMPLES.split('\n').filter((line) => line.startsWith(`  lora-alpha ${added.name()} `));
    const shown = ['\nExamples:', ...examples].join('\n').replace(/ {3,}/g, '\n      ');
    if (examples.length > 0) added.addHelpText('after', shown);
    for (const option of [...options, 'quiet' as const].map(optionOf)) {
      added.addOption(option);
      if (option.required) takeOnce(added, option.name());
    }
    added.action(async (...given: [...Given, Command]) => {
      if (added.opts<{ quiet?: boolean }>().quiet) beQuiet();
      // Last comes the command itself.
      finish(await run(...(given.slice(0, -1) as Given)));
    });
  };
  const each =
    <Options extends { json?: boolean; report?: string }>(run: (path: string, options: Options) => Promise<Ended>) =>
    (paths: string[], options: Options): Promise<ExitCode> =>
      forEach(paths, options, (path) => run(path, options));

  const target = ['alpha', 'scaling', 'rslora', 'rank'] as const;
  const recipe = ['network', 'digits', 'json'] as const;
  const run = ['seeds', 'backend', 'workers', 'report', 'force'] as const;
  const severalValues = ['exportAlpha', 'scaling', 'rslora', 'exportRank', 'exportPlan'] as const;
  add('read <file...>', 'what each config says, as its trainer would understand it', ['run', 'json'], readCommand);
  const plan = 'the best way to run a config at another alpha or scaling; --all shows every way';
  add('plan <file...>', plan, [...target, 'all', 'run', ...recipe], each(planCommand));
  const check = 'train both side by side, and say whether it is the same run';
  const checked = [...target, 'run', 'plan', 'task', 'steps', 'seed', ...run, ...recipe] as const;
  add('check <file...>', check, checked, each(checkCommand));
  const rewrite = 'the change to the file, as a unified diff';
  const writing = ['write', 'inPlace', 'noCode', 'acceptGuess'] as const;
  const rewritten = ['alpha', 'scaling', 'rslora', 'rewriteRank', 'rule', 'plan', ...writing, ...recipe] as const;
  add('rewrite <file...>', rewrite, rewritten, each(rewriteCommand));
  const exported = 'a Python file that checks a plan with PyTorch and PEFT on your own model';
  add('export <file...>', exported, [...severalValues, 'engine', 'out', 'checkpoint', 'network'], exportCommand);
  const compare = 'whether two configs are the same run, and if not, by what they differ';
  add('compare <first> <second...>', compare, ['network', 'otherNetwork', 'json'], compareCommand);
  const lint = 'findings of configs in files and folders; with --base, whether each changed one is still the same run';
  add('lint <path...>', lint, ['base', 'format'], lintCommand);
  const signature = 'the name of each run, which is the same for the same run in any config';
  add('signature <file...>', signature, ['network', 'json'], signatureCommand);
  const adapter = 'what a trained adapter is: layout, rank, alpha, scaling, what it does, and what is missing';
  const scale = ['portable', 'adapterAlpha', 'rslora', 'adapterScaling', 'adapterRank', 'keep'] as const;
  const made = [...scale, 'to', 'dtype', 'assumeAlpha', 'adapterOut', 'replace'] as const;
  add(
    'adapter <path>',
    adapter,
    [...made, 'audit', 'adapterEngine', 'measure', 'json'],
    async (path: string, options: AdapterOptions) => printed(await adapterCommand(path, options)),
  );
  const sweep = 'the same run at many alphas; without a file, one small layer under SGD';
  add('sweep [file...]', sweep, ['alphas', 'steps', 'seed', 'task', ...run, 'network', 'json'], sweepCommand);
  const rank = 'what to change for another rank, and where the best learning rate goes, measured on a test model';
  const ranked = ['rankTo', 'thorough', 'noMeasure', 'ranRanks', 'seed', 'workers', 'network', 'json'] as const;
  add('rank <file...>', rank, ranked, rankCommand);
  const explain = 'what a finding means and what to do about it, by the code that read shows';
  add('explain <code>', explain, ['json'], async (code: string, { json: isJson = false }: { json?: boolean }) =>
    printed(explanation(code), isJson),
  );
  const recorded = 'start your own training after --, and write down what really trains';
  add('record', recorded, ['runSteps', 'keepGoing', 'recording', 'printEnv'], (options: RecordOptions) =>
    recordCommand(options, command),
  );
  const tried = 'start your own training after -- several times, and say whether the plan is the same run there';
  const trial = ['alpha', 'from', 'plan', 'runSteps', 'timeout', 'trialFolder', 'network', 'json'] as const;
  add('try [file]', tried, trial, (path: string | undefined, options: TryOptions) =>
    tryCommand(path, options, command),
  );
  const mcp = 'serves read, plan, compare, check, adapter and rank to an assistant (MCP on standard input and output)';
  add('mcp [folder...]', mcp, [], async (folders: string[]) => (await import('./mcp/serve')).mcpCommand(folders));
  add('completion <shell>', `a script that completes commands: ${SHELLS.join(', ')}`, [], (shell: string) => {
    exact(completion(oneOf(SHELLS)(shell, 'the shell'), program));
    return Promise.resolve(EXIT.done);
  });
  return program;
}

/** Of two values one would be dropped without a word. */
function takeOnce(command: Command, name: string): void {
  let isGiven = false;
  command.on(`option:${name}`, () => {
    if (isGiven) throw usage(`--${name} is given twice; it must be given once`);
    isGiven = true;
  });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`lora-alpha … | head`) is no error.
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  process.stderr.write(errorLine(`standard output cannot be written: ${reasonOf(error)}`));
  process.exit(EXIT.usage);
});

// Nobody reads what is said; what was asked for is done all the same, and the exit status says how it ended.
process.stderr.on('error', () => undefined);

exitWhenInterrupted();

runCommandLine(process.argv.slice(2)).then((exitCode) => (process.exitCode = exitCode), failed);
// Node would end with 1, which says that the runs differ.
process.on('uncaughtException', (error) => {
  failed(error);
  process.exit();
});

function failed(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(errorLine(`a fault of this program, please report it: ${reason}`));
  process.exitCode = EXIT.fault;
}
