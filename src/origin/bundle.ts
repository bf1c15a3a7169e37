import type { Stage } from '../../schemas/ids.js';
import type { FoundFile } from './evidence-file.js';
import { byWeight, type Claim, REASONS, type Reason, type Verdict, verdictOf } from './reasons.js';

/** One file of a bundle and what it is worth by itself. */
export interface JudgedFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly verdict: Verdict;
}

/** The files of one session of the origin, judged together. */
export interface OriginBundle {
  readonly specId: string;
  readonly kind: 'guardrail' | 'consensus' | 'hal' | 'cost';
  readonly stage: Stage | null;
  /** As its files name it; '' for files with fixed names. */
  readonly session: string;
  readonly claim: Claim;
  readonly verdict: Verdict;
  /** Heaviest first. */
  readonly reasons: readonly Reason[];
  /** The file that makes the claim comes first. */
  readonly files: readonly JudgedFile[];
}

/** What was judged of each file: its claim, when it makes one. */
export type Claims = ReadonlyMap<string, Claim>;

export function bundleOf(
  about: Pick<OriginBundle, 'specId' | 'kind' | 'stage' | 'session' | 'claim'>,
  found: readonly FoundFile[],
  claims: Claims,
  reasons: readonly Reason[],
): OriginBundle {
  return {
    ...about,
    verdict: verdictOf(about.claim, reasons),
    reasons: byWeight(reasons),
    files: found.map(({ name, path }) => ({
      path,
      verdict: verdictOf(
        claims.get(name) ?? 'none',
        reasons.filter(({ file }) => file === name),
      ),
    })),
  };
}

/** The codes of a bundle, heaviest first, each once. */
export function codesOf({ reasons }: OriginBundle): readonly string[] {
  return [...new Set(reasons.map(({ code }) => code))];
}

/** What would have to be done, each once, for what weighs anything. */
export function remediesOf({ reasons }: OriginBundle): readonly string[] {
  const heavy = reasons.filter(({ code }) => REASONS[code].weight !== 'note');
  return [...new Set((heavy.length > 0 ? heavy : reasons).map(({ code }) => REASONS[code].remedy))];
}
