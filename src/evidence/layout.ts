import type { Predicate } from '../../schemas/evidence.js';

/**
 * Where things lie under the evidence root. Paths in manifests and records are relative to that root, so that a
 * workspace may move its evidence; everything else is relative to the workspace.
 */

/** Where the files of bundles lie, by spec. */
export const BUNDLE_FOLDERS = ['commands', 'consensus'] as const;

/** The folders of a spec's bundles, relative to the evidence root, as are the other paths here. */
export function bundleFolders(specId: string): readonly string[] {
  return BUNDLE_FOLDERS.map(folder => `${folder}/${specId}`);
}

/** The folder of a bundle; all its files lie in it side by side. */
export function bundleFolder(kind: Predicate['kind'], specId: string): string {
  return `${kind === 'consensus' ? 'consensus' : 'commands'}/${specId}`;
}

export function bundlePath(kind: Predicate['kind'], specId: string, name: string): string {
  return `${bundleFolder(kind, specId)}/${name}`;
}

export function commandPath(specId: string, name: string): string {
  return `commands/${specId}/${name}`;
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path without its last part. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function ledgerFolder(specId: string): string {
  return `ledger/${specId}`;
}

export function recordPath(specId: string, seq: number): string {
  return `${ledgerFolder(specId)}/${recordName(seq)}`;
}

export function recordName(seq: number): string {
  return `${String(seq).padStart(8, '0')}.json`;
}

export function manifestName(prefix: string, sessionId: string): string {
  return `${prefix}_${sessionId}_manifest.json`;
}

/** How the manifest of a bundle of the server starts; undefined for a bundle of a caller, who chose the name. */
export function prefixOf({ kind, stage }: Pick<Predicate, 'kind' | 'stage'>): string | undefined {
  if (kind === 'caller') return undefined;
  return stage === null ? kind : `spec-${stage}`;
}

/** The file of a bundle of the server that holds its result; undefined for a bundle of a caller. */
export function resultName(
  { kind, stage }: Pick<Predicate, 'kind' | 'stage'>,
  bundle: string,
): string | undefined {
  if (kind === 'guardrail' && stage !== null) return `spec-${stage}_${bundle}.json`;
  if (kind === 'consensus' && stage !== null) return `spec-${stage}_${bundle}_synthesis.json`;
  return kind === 'hal' ? `hal_${bundle}.json` : undefined;
}

/** URI of a bundle's manifest as a resource. */
export function bundleUri(specId: string, bundle: string): string {
  return `spec-kit://evidence/${specId}/${bundle}`;
}

export function indexUri(specId: string): string {
  return `spec-kit://evidence/${specId}`;
}
