import type { EvidenceFinding, VerifyOutcome } from '../../schemas/evidence-tools.js';
import { REASONS } from '../origin/reasons.js';

/** What verification can find, each with its weight. Warnings of `INCOMPLETE` are what a crash leaves behind. */
const SEVERITIES = {
  'record-missing': 'error',
  'record-unreadable': 'error',
  'record-malformed': 'error',
  'record-misplaced': 'error',
  'record-duplicate': 'error',
  'chain-broken': 'error',
  'manifest-missing': 'error',
  'manifest-changed': 'error',
  'manifest-malformed': 'error',
  'manifest-misplaced': 'error',
  'claim-mismatch': 'error',
  'file-missing': 'error',
  'file-changed': 'error',
  'file-misplaced': 'error',
  'file-too-large': 'error',
  'false-claim': 'error',
  'json-ambiguous': 'error',
  'config-mismatch': 'error',
  'extra-file': 'error',
  'archive-unreadable': 'error',
  'anchor-mismatch': 'error',
  'orphan-bundle': 'warning',
  'orphan-file': 'warning',
  'no-evidence': 'warning',
  'ignored-by-git': 'warning',
  'attributes-changed': 'warning',
  'source-unknown': 'warning',
  'time-disorder': 'warning',
  stale: 'warning',
  'git-unavailable': 'warning',
  'without-git': 'info',
  'tracker-claim': 'error',
} as const;

export type FindingCode = keyof typeof SEVERITIES;

const INCOMPLETE: ReadonlySet<string> = new Set<FindingCode>([
  'orphan-bundle',
  'orphan-file',
  'no-evidence',
  'stale',
  'git-unavailable',
]);

/** Findings about evidence without manifests; their weight follows from the verdict of the bundle. */
const isOrigin = (code: string) => Object.hasOwn(REASONS, code);
/** Somebody claims more than the evidence shows; the evidence itself may be as it was recorded. */
const isFalse = (code: string) => isOrigin(code) || code === 'tracker-claim';

export type Place = Omit<EvidenceFinding, 'code' | 'severity' | 'message'>;

export function finding(code: FindingCode, place: Place, message: string): EvidenceFinding {
  return { code, severity: SEVERITIES[code], ...place, message };
}

export function verifyOutcome(findings: readonly EvidenceFinding[]): VerifyOutcome {
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  if (errors.some(code => code !== 'anchor-mismatch' && !isFalse(code))) return 'tampered';
  if (errors.includes('anchor-mismatch')) return 'anchor_mismatch';
  if (errors.length > 0) return 'false';
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  return warnings.some(({ code }) => INCOMPLETE.has(code) || isOrigin(code)) ? 'incomplete' : 'ok';
}

/** Exit code of the command-line twin; 4 is left for usage. */
export function verifyExitCode(outcome: VerifyOutcome): number {
  return { ok: 0, tampered: 1, false: 1, incomplete: 2, anchor_mismatch: 3 }[outcome];
}
