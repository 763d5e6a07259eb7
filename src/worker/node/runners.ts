import { availableParallelism } from 'node:os';
import { nodeRunner, type NodeRunnerOptions } from './runner';
import { sharingRunner } from '../sharing-runner';
import type { KillableRunner } from '../thread-runner';

/**
 * Runs experiments in threads of Node, large ones in as many as there are cores.
 * @param most how many threads may train at once
 */
export function nodeRunners(options: NodeRunnerOptions, most?: () => number): KillableRunner {
  return sharingRunner({ runner: () => nodeRunner(options), cores: availableParallelism(), ...(most ? { most } : {}) });
}
