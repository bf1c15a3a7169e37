import type { AttestedBy, Predicate, Source } from '../../schemas/evidence.js';
import type { Check, Waiver } from '../../schemas/guardrail.js';
import type { Outcome, Stage, Verdict } from '../../schemas/ids.js';

/**
 * A file of a bundle. `name` is its final name and carries the session id, e.g. `spec-plan_<session>_log.txt`.
 * `bytes` are UTF-8 text and are redacted when they are published. A staged file is a workspace-relative path on the same file system, already redacted and
 * synced; it is moved, and refused when its bytes are no longer those of `sha256` and `size`.
 */
export type BundleFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly staged: string; readonly sha256: string; readonly size: number };

/** All files of one session and what is claimed about them. */
export interface Bundle {
  readonly specId: string;
  readonly sessionId: string;
  /** Start of the manifest's name: `spec-plan` makes `spec-plan_<session>_manifest.json`. */
  readonly prefix: string;
  readonly kind: Predicate['kind'];
  readonly attestedBy: AttestedBy;
  readonly stage: Stage | null;
  readonly outcome: Outcome | null;
  /** Of a consensus bundle, whose outcome is null. */
  readonly verdict?: Verdict;
  readonly checks: readonly Check[];
  /** What a caller said its file is; null for what the server made. */
  readonly content: string | null;
  readonly waivers: readonly Waiver[];
  readonly source: Source;
  readonly configDigest: string | null;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly files: readonly BundleFile[];
}

/** A bundle that is recorded and durable. Paths are relative to the workspace. */
export interface Published {
  readonly bundle: string;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly size: number }[];
  readonly manifest: { readonly path: string; readonly sha256: string };
  readonly record: { readonly seq: number; readonly path: string; readonly sha256: string };
  /** URI of the manifest as a resource. */
  readonly resource: string;
}
