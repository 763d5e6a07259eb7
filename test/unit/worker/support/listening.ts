import type { RunListener } from '../../../../src/worker/runner';

/** A listener that counts points and resolves `running` when the first have come. */
export function listening(): { listener: RunListener; running: Promise<void>; points: () => number } {
  let begin: () => void = () => undefined;
  let count = 0;
  const running = new Promise<void>((resolve) => (begin = resolve));
  const onPoints: RunListener['onPoints'] = ({ losses }) => {
    count += losses[0]?.length ?? 0;
    begin();
  };
  return { listener: { onPoints }, running, points: () => count };
}
