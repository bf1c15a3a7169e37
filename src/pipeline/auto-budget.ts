import type { Halt, Spent } from '../../schemas/auto.js';
import type { Stage } from '../../schemas/ids.js';
import type { Budget } from '../../schemas/settings.js';
import type { Auto } from './auto-state.js';

const NOTHING: Spent = { seconds: 0, usd: 0, tokens: 0 };

/** Unknown stays unknown, and counts as nothing towards a limit. */
export function sumOf(parts: readonly Spent[]): Spent {
  return parts.reduce(
    (sum, part) => ({
      seconds: Math.round((sum.seconds + part.seconds) * 1000) / 1000,
      usd: part.usd === null || sum.usd === null ? null : sum.usd + part.usd,
      tokens: part.tokens === null || sum.tokens === null ? null : sum.tokens + part.tokens,
    }),
    NOTHING,
  );
}

function spentBy({ state: { attempts } }: Auto, stage: Stage | undefined): Spent {
  return sumOf(
    attempts.filter(each => stage === undefined || each.stage === stage).map(({ spent }) => spent),
  );
}

/** Seconds that the stage may still take; undefined without a limit. */
export function secondsLeft(auto: Auto, stage: Stage): number | undefined {
  const left = limits(auto, stage).flatMap(([budget, of]) =>
    budget?.seconds === undefined ? [] : [budget.seconds - spentBy(auto, of).seconds],
  );
  return left.length === 0 ? undefined : Math.max(0, Math.min(...left));
}

/** A budget that is used up before the stage begins. A budget of zero stops the first stage. */
export function budgetHalt(auto: Auto, stage: Stage): Halt | undefined {
  for (const [budget, of] of limits(auto, stage)) {
    const over =
      budget === undefined ? undefined : exceeded(budget, spentBy(auto, of), auto.state.skipConsensus);
    if (over !== undefined) return haltFor(auto, stage, of === undefined ? 'run' : stage, over);
  }
  return undefined;
}

export function haltFor(auto: Auto, stage: Stage, whose: string, over: string): Halt {
  const { specId } = auto.packet;
  return {
    stage,
    code: 'BUDGET',
    reason: `The budget of the ${whose} is used up: ${over}.`,
    findings: [],
    fix: `Raise [budgets.${whose}] in spec-kit.toml, or go on stage by stage with run_guardrail. A changed file needs a new run: spec_auto {"from": "${stage}"}.`,
    resume: { tool: 'spec_auto', arguments: { specId, resume: auto.runId } },
  };
}

function limits(
  { loaded: { settings } }: Auto,
  stage: Stage,
): readonly [budget: Budget | undefined, of: Stage | undefined][] {
  return [
    [settings.budgets.run, undefined],
    [settings.budgets[stage], stage],
  ];
}

function exceeded(
  { usd, seconds, tokens }: Budget,
  spent: Spent,
  skipConsensus: boolean,
): string | undefined {
  if (seconds !== undefined && spent.seconds >= seconds) return `${spent.seconds} of ${seconds} seconds`;
  if (skipConsensus) return undefined;
  if (usd !== undefined && (spent.usd ?? 0) >= usd) return `${spent.usd ?? 0} of ${usd} USD`;
  return tokens !== undefined && (spent.tokens ?? 0) >= tokens
    ? `${spent.tokens ?? 0} of ${tokens} tokens`
    : undefined;
}
