import type { EvidenceFinding, VerifyOutcome } from '../../schemas/evidence-tools.js';

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
  'extra-file': 'error',
  'anchor-mismatch': 'error',
  'orphan-bundle': 'warning',
  'orphan-file': 'warning',
  'no-evidence': 'warning',
  'ignored-by-git': 'warning',
  'attributes-changed': 'warning',
  unverifiable: 'info',
} as const;

export type FindingCode = keyof typeof SEVERITIES;

const INCOMPLETE: ReadonlySet<string> = new Set<FindingCode>(['orphan-bundle', 'orphan-file', 'no-evidence']);

export type Place = Omit<EvidenceFinding, 'code' | 'severity' | 'message'>;

export function finding(code: FindingCode, place: Place, message: string): EvidenceFinding {
  return { code, severity: SEVERITIES[code], ...place, message };
}

export function verifyOutcome(findings: readonly EvidenceFinding[]): VerifyOutcome {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.some(({ code }) => code !== 'anchor-mismatch')) return 'tampered';
  if (errors.length > 0) return 'anchor_mismatch';
  return findings.some(({ code }) => INCOMPLETE.has(code)) ? 'incomplete' : 'ok';
}

/** Exit code of the command-line twin; 4 is left for usage. */
export function verifyExitCode(outcome: VerifyOutcome): number {
  return { ok: 0, tampered: 1, incomplete: 2, anchor_mismatch: 3 }[outcome];
}
