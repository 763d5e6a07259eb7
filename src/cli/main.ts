import { errorLine, EXIT, reasonOf } from './failure';
import { runCommandLine } from './program';
import { exitWhenInterrupted } from './training';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`lora-alpha … | head`) is no error.
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  process.stderr.write(errorLine(`standard output cannot be written: ${reasonOf(error)}`));
  process.exit(EXIT.usage);
});

exitWhenInterrupted();

runCommandLine(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(errorLine(`a fault of this program, please report it: ${reason}`));
    process.exitCode = EXIT.fault;
  },
);
