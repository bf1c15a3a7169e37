import type { Check } from '../../schemas/guardrail.js';
import type { Call } from '../tool.js';
import type { Checked, Guardrail, Step } from './guardrail.js';

/** What a check left, with its duration. */
export type Done = Checked & { readonly check: Check };

/** In order, one after the other; after a cancel the rest is recorded as not run. */
export async function runSteps(
  guardrail: Guardrail,
  steps: readonly Step[],
  progress: Call['progress'],
): Promise<Done[]> {
  const done: Done[] = [];
  for (const [index, step] of steps.entries()) {
    let said = 0;
    // Clients are promised that each figure is higher than the one before, also within a step.
    const say = (message: string) => progress(index + said / (1 + said++), steps.length, message);
    await say(step.name);
    done.push(...(await timed(guardrail, guardrail.signal.aborted ? cancelled(step) : step, done, say)));
  }
  await progress(steps.length, steps.length, 'recording the evidence');
  return done;
}

export async function timed(
  guardrail: Guardrail,
  step: Step,
  before: readonly Done[],
  say: (message: string) => Promise<void> = async () => {},
): Promise<Done[]> {
  const start = guardrail.workspace.now().getTime();
  const left = await step.run(guardrail, before, say);
  const durationMs = Math.max(0, guardrail.workspace.now().getTime() - start);
  return [left].flat().map(checked => ({ ...checked, check: { durationMs, ...checked.check } }));
}

function cancelled({ name }: Step): Step {
  const check = {
    name,
    status: 'not_run',
    required: true,
    message: 'Not run: the call was cancelled.',
  } as const;
  return { name, run: () => ({ check }) };
}
