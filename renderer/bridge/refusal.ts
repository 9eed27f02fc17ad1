import type { Problem } from '../../src/contract/problem.ts';

/** A request that was refused, with what a person is told about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What to show for anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    fix: 'Try it again. If it happens again, send the log files that Settings names to whoever looks after this application.',
  };
}
