import { nameOf } from '../evidence/layout.js';
import { artifactPaths, type Ground } from './artifacts.js';
import { bundleOf, type OriginBundle } from './bundle.js';
import { fieldsOf, jsonOf } from './fields.js';
import type { Folder } from './folder.js';
import { judgeCapture } from './judge-capture.js';
import { judgeGuardrail } from './judge-guardrail.js';
import { momentOf } from './names.js';
import { type Claim, collectReasons } from './reasons.js';

/** A telemetry file with the baseline, captures and log of its session. */
export function guardrailBundle(folder: Folder, name: string, ground: Ground): OriginBundle | undefined {
  const file = folder.read(name);
  if (file.is.kind !== 'guardrail') return undefined;
  const { stage, session } = file.is;
  const { reasons, blame } = collectReasons();
  const claims = new Map<string, Claim>();
  const captures = new Map<string, Claim>();
  const parts = partsOf(folder, file.text ?? '', session).map(part => folder.read(part));
  for (const part of parts) {
    if (part.is.kind !== 'capture') continue;
    const shown = judgeCapture(part, blame);
    captures.set(part.name, shown);
    claims.set(part.name, shown);
  }
  const baseline = parts.find(({ is }) => is.kind === 'baseline');
  const claim = judgeGuardrail(file, stage, {
    specId: folder.specId,
    blame,
    ground,
    captures,
    baseline: baseline?.text === undefined ? undefined : { name: baseline.name, text: baseline.text },
  });
  claims.set(name, claim);
  const about = { specId: folder.specId, kind: 'guardrail', stage, session, claim } as const;
  return bundleOf(about, [file, ...parts], claims, reasons);
}

/** Files of the same session or second, and those that the telemetry lists. */
function partsOf(folder: Folder, text: string, session: string): readonly string[] {
  const listed = new Set(artifactPaths(fieldsOf(jsonOf(text)) ?? {}).map(nameOf));
  const moment = momentOf(session);
  return folder.names.filter(name => {
    const is = folder.is(name);
    if (is.kind === 'capture') return listed.has(name) || momentOf(is.session) === moment;
    return (is.kind === 'baseline' || is.kind === 'log') && is.session === session;
  });
}

/** Captures that belong to no guardrail, each by itself. */
export function captureBundle(folder: Folder, name: string): OriginBundle | undefined {
  const file = folder.read(name);
  if (file.is.kind !== 'capture') return undefined;
  const { reasons, blame } = collectReasons();
  const claim = judgeCapture(file, blame);
  const about = { specId: folder.specId, kind: 'hal', stage: null, session: file.is.session, claim } as const;
  return bundleOf(about, [file], new Map([[name, claim]]), reasons);
}
