import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { Envelope, SignedHeads } from '../../schemas/evidence-anchor.js';
import { SpecError } from '../errors.js';
import { canonicalJson } from './canonical.js';
import { readCanonical } from './canonical-read.js';

export const PAYLOAD_TYPE = 'application/vnd.spec-kit-mcp.evidence-heads+json';
/** Keeps a signature of ours from being taken for one over a commit or a file, and the other way round. */
export const SSH_NAMESPACE = 'evidence@spec-kit-mcp';

/** An envelope that was opened: what to check the signatures over, and what the very same bytes say. */
export interface Opened {
  readonly signed: Buffer;
  readonly signatures: readonly Buffer[];
  /** Heads `<SPEC-ID>@<seq>:<sha256>`; only to be believed after a signature was verified over `signed`. */
  readonly heads: readonly string[];
}

/** Pre-authentication encoding of DSSE 1.0. */
export function preAuthentication(type: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body]);
}

export function headsPayload(heads: readonly string[], at: string): Buffer {
  return Buffer.from(canonicalJson({ at, heads: [...heads], v: 1 }));
}

export function sealed(body: Uint8Array, keyid: string, signature: Uint8Array): Envelope {
  return {
    payloadType: PAYLOAD_TYPE,
    payload: Buffer.from(body).toString('base64'),
    signatures: [{ keyid, sig: Buffer.from(signature).toString('base64') }],
  };
}

/** Throws INVALID_ARGUMENT for what is no envelope of evidence heads. */
export function openEnvelope(text: string): Opened {
  const envelope = Envelope.safeParse(jsonOf(text)).data;
  const body = envelope === undefined ? undefined : decoded(envelope.payload);
  if (envelope?.payloadType !== PAYLOAD_TYPE || body === undefined) throw noEnvelope();
  const read = readCanonical(`${body.toString()}\n`);
  const heads = SignedHeads.safeParse('value' in read ? read.value : undefined).data?.heads;
  const signatures = envelope.signatures.flatMap(({ sig }) => decoded(sig) ?? []);
  if (heads === undefined || !Buffer.from(body.toString()).equals(body)) throw noEnvelope();
  return { signed: preAuthentication(envelope.payloadType, body), signatures, heads };
}

/** Throws INVALID_ARGUMENT unless the text is an Ed25519 private key in PEM. */
export function signEd25519(signed: Uint8Array, pem: string): Buffer {
  return sign(null, signed, keyOf('private', pem));
}

/** Throws INVALID_ARGUMENT unless the text is an Ed25519 public key in PEM. */
export function verifiesEd25519({ signed, signatures }: Opened, pem: string): boolean {
  const key = keyOf('public', pem);
  return signatures.some(signature => signature.length === 64 && verify(null, signed, key, signature));
}

function keyOf(kind: 'private' | 'public', pem: string): KeyObject {
  const key = parsedKey(kind, pem);
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new SpecError(
    'INVALID_ARGUMENT',
    `That is no Ed25519 ${kind} key in PEM. \`openssl genpkey -algorithm ed25519\` makes one, \`openssl pkey -pubout\` its public half.`,
  );
}

function parsedKey(kind: 'private' | 'public', pem: string): KeyObject | undefined {
  try {
    if (kind === 'private') return createPrivateKey(pem);
    return pem.includes('PRIVATE KEY') ? undefined : createPublicKey(pem);
  } catch {
    return undefined;
  }
}

/** Undefined unless it is base64 in its one form. */
function decoded(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noEnvelope(): SpecError {
  return new SpecError(
    'INVALID_ARGUMENT',
    'That is no signed anchor of evidence. `spec-kit-mcp evidence anchor --sign KEYFILE > FILE` makes one.',
  );
}
