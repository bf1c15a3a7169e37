import * as z from 'zod';
import { EvidenceHead } from './inputs/evidence.js';

/** What a signed anchor says: the heads of ledgers at a time, in RFC 8785 form. */
export const SignedHeads = z.strictObject({
  v: z.literal(1),
  at: z.string(),
  heads: z.array(EvidenceHead).min(1).max(10_000),
});

/** DSSE 1.0. `sig` is an Ed25519 signature, or the armoured signature that `ssh-keygen -Y sign` makes, over the PAE. */
export const Envelope = z.strictObject({
  payloadType: z.string(),
  payload: z.string().max(4 * 1024 * 1024),
  signatures: z
    .array(z.strictObject({ keyid: z.string(), sig: z.string() }))
    .min(1)
    .max(16),
});
export type Envelope = z.output<typeof Envelope>;
