import type { Halt, Spent } from '../../schemas/auto.js';
import type { Stage } from '../../schemas/ids.js';
import type { Budget } from '../../schemas/settings.js';
import type { Auto } from './auto-state.js';

const NOTHING: Spent = { seconds: 0, usd: 0, tokens: 0 };

/** Unknown stays unknown. */
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

/** The tightest limit that counts for a stage, the run's or its own: what is left of it. Where nobody knows what is spent, nothing is. */
function tightest(auto: Auto, stage: Stage, kind: keyof Budget) {
  const [first] = limits(auto, stage)
    .flatMap(([budget, of]) => {
      const limit = budget?.[kind];
      return limit === undefined
        ? []
        : [{ of, left: Math.max(0, limit - (spentBy(auto, of)[kind] ?? limit)) }];
    })
    .toSorted((a, b) => a.left - b.left);
  return first;
}

/** Seconds that the stage may still take; undefined without a limit. */
export function secondsLeft(auto: Auto, stage: Stage): number | undefined {
  return tightest(auto, stage, 'seconds')?.left;
}

/** What the agents of the stage may still take. */
export function leftFor(auto: Auto, stage: Stage): Pick<Budget, 'usd' | 'tokens'> {
  return { usd: tightest(auto, stage, 'usd')?.left, tokens: tightest(auto, stage, 'tokens')?.left };
}

/** The halt of a stage whose agents were not all asked, because the next one could have taken more than is left. */
export function unaskedHalt(auto: Auto, stage: Stage, kind: keyof Budget): Halt {
  return haltFor(
    auto,
    stage,
    tightest(auto, stage, kind)?.of ?? 'run',
    `what is left of it (${kind}) may not be enough for the next agent`,
  );
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
    reason: `The budget of ${whose === 'run' ? 'the run' : whose} is used up: ${over}.`,
    findings: [],
    fix: `A person raises [budgets.${whose}] in spec-kit.toml, commits and trusts it; then resume: no agent that agreed is asked again.`,
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
  return over(spent.usd, usd, 'USD') ?? over(spent.tokens, tokens, 'tokens');
}

/** What cannot be known keeps no budget that a person set. */
function over(spent: number | null, limit: number | undefined, unit: string): string | undefined {
  if (limit === undefined || (spent !== null && spent < limit)) return undefined;
  return spent === null ? `nobody can tell how much of ${limit} ${unit}` : `${spent} of ${limit} ${unit}`;
}
