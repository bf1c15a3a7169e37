import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { redactorOf } from '../evidence/redaction.js';
import { inert } from '../inert.js';
import { MAX_DOCUMENT_BYTES, readText } from '../packet/documents.js';
import type { Packet } from '../packet/find.js';
import type { Workspace } from '../workspace/workspace.js';
import { cutToTokens, estimateTokens, shareTokens } from './cut.js';
import { workDigest } from './progress.js';

/** One document as the agents of a run see it: inert, redacted, cut to its share. */
export interface ContextDocument {
  /** As the blocks and the receipt name it, such as "spec.md". */
  readonly name: string;
  readonly text: string;
}

/** What an agent was shown of a document. */
export interface ReceiptEntry {
  readonly name: string;
  /** Relative to the workspace. */
  readonly path: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  /** tasks.md alone: as if none of its tasks was begun. */
  readonly workSha256?: string;
  readonly bytes: number;
  /** Of what is shown. */
  readonly estTokens: number;
  readonly linesOmitted: number;
  readonly redactions: number;
}

export interface Context {
  readonly documents: readonly ContextDocument[];
  readonly receipt: readonly ReceiptEntry[];
  /** True when spec.md itself was cut: the agents did not see all of what they judge. */
  readonly specCut: boolean;
}

/** The order of the origin, for prompts written for it. */
export const ORIGIN_ORDER = ['spec.md', 'plan.md', 'tasks.md', 'product-requirements.md', 'PLANNING.md'];
const OWN_ORDER = [
  'spec.md',
  'memory/constitution.md',
  'plan.md',
  'tasks.md',
  'product-requirements.md',
  'PLANNING.md',
];
const PACKET: readonly string[] = ['spec.md', 'plan.md', 'tasks.md'];

interface Source {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly workSha256?: string;
  readonly bytes: number;
  readonly redactions: number;
  readonly text: string;
}

/**
 * The documents that exist, in order, within `budget` tokens. Throws NOT_FOUND without spec.md, NOT_TEXT for a document
 * that cannot be read.
 */
export function readContext(
  workspace: Workspace,
  packet: Packet,
  order: 'own' | 'origin',
  budget: number,
): Context {
  const names = order === 'origin' ? ORIGIN_ORDER : OWN_ORDER;
  const sources = names.flatMap(name => readSource(workspace, packet, name) ?? []);
  if (sources[0]?.name !== 'spec.md')
    throw new SpecError(
      'NOT_FOUND',
      `${packet.directory}/spec.md does not exist, and there is nothing to plan without it. Write it first; lint_tasks shows its skeleton.`,
    );
  const shares = shareTokens(
    sources.map(({ text }) => estimateTokens(text)),
    budget,
  );
  const cuts = sources.map(({ text }, index) => cutToTokens(text, shares[index] ?? 0));
  return {
    documents: sources.map(({ name }, index) => ({ name, text: cuts[index]?.text ?? '' })),
    receipt: sources.map(({ text: _, ...source }, index) => ({
      ...source,
      estTokens: estimateTokens(cuts[index]?.text ?? ''),
      linesOmitted: cuts[index]?.linesOmitted ?? 0,
    })),
    specCut: (cuts[0]?.linesOmitted ?? 0) > 0,
  };
}

function readSource(workspace: Workspace, { directory }: Packet, name: string): Source | undefined {
  const path = PACKET.includes(name) ? `${directory}/${name}` : name;
  if (workspace.files.info(path).kind === 'missing') return undefined;
  const read = readText(workspace.files, path);
  if ('problem' in read)
    throw new SpecError('NOT_TEXT', `${read.problem} Mend it; agents are shown only what can be read.`);
  // As they lie on disk: the text has lost its byte order mark.
  const bytes = workspace.files.read(path, MAX_DOCUMENT_BYTES)?.bytes ?? Buffer.from(read.text);
  const { text, redactions } = redacted(workspace, read.text);
  const digests = {
    sha256: sha256Of(bytes),
    ...(name === 'tasks.md' ? { workSha256: workDigest(bytes) } : {}),
  };
  return { name, path, ...digests, bytes: bytes.length, redactions, text: inert(text) };
}

function redacted(workspace: Workspace, text: string): { text: string; redactions: number } {
  const stream = redactorOf(workspace).stream();
  const clean = Buffer.concat([stream.push(Buffer.from(text)), stream.end()]).toString();
  return { text: clean, redactions: stream.count() };
}

/**
 * Text that an agent is to read and never to obey, between marks that it cannot forge: `nonce` is random and taken out of
 * the text itself.
 */
export function dataBlock(
  nonce: string,
  name: string,
  trust: 'repository' | 'agent' | 'person',
  text: string,
): string {
  const body = text.replaceAll(nonce, '[removed]').trimEnd();
  return `<data-${nonce} name=${JSON.stringify(name)} trust="${trust}">\n${body}\n</data-${nonce}>`;
}
