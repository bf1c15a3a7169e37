import { type Manifest, PREDICATE_TYPE, type Predicate, type Subject } from '../../schemas/evidence.js';
import { VERSION } from '../version.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Bundle } from './bundle.js';
import { canonicalJson } from './canonical.js';
import type { Digest } from './digest.js';
import { bundlePath } from './layout.js';

export interface NamedDigest {
  readonly name: string;
  readonly digest: Digest;
}

/** The bytes of a bundle's manifest. `clean` goes over every text of the claims: they may quote a command or a person. */
export function manifestBytes(
  bundle: Bundle,
  files: readonly NamedDigest[],
  recordedAt: string,
  runtime: Workspace['runtime'],
  clean: (text: string) => string,
): Buffer {
  const manifest: Manifest = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files
      .map(({ name, digest }) => subject(bundlePath(bundle.kind, bundle.specId, name), digest))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    predicateType: PREDICATE_TYPE,
    predicate: predicate(bundle, recordedAt, runtime, clean),
  };
  return Buffer.from(`${canonicalJson(manifest)}\n`);
}

function subject(name: string, { sha256, size, gitBlob, chunks }: Digest): Subject {
  return {
    name,
    digest: { sha256 },
    annotations: { size, gitBlob, ...(chunks === undefined ? {} : { chunks: [...chunks] }) },
  };
}

function predicate(
  bundle: Bundle,
  recordedAt: string,
  runtime: Workspace['runtime'],
  clean: (text: string) => string,
): Predicate {
  const { branch } = bundle.source;
  return {
    specId: bundle.specId,
    bundle: bundle.sessionId,
    kind: bundle.kind,
    attestedBy: bundle.attestedBy,
    stage: bundle.stage,
    outcome: bundle.outcome,
    verdict: bundle.verdict ?? null,
    checks: bundle.checks.map(check => ({ ...check, message: clean(check.message) })),
    content: bundle.content === null ? null : clean(bundle.content),
    waivers: bundle.waivers.map(({ check, by, reason }) => ({ check, by: clean(by), reason: clean(reason) })),
    source: { ...bundle.source, branch: branch === null ? null : clean(branch) },
    configDigest: bundle.configDigest,
    tool: { name: 'spec-kit-mcp', version: VERSION },
    runtime: { ...runtime },
    startedAt: bundle.startedAt,
    endedAt: bundle.endedAt,
    recordedAt,
  };
}
