import { bundleUri, indexUri } from '../src/evidence/layout.js';

/** URIs of the resources that change with the evidence of a spec. */
export function changedByEvidence({ specId }: { readonly specId: string }): readonly string[] {
  return [`spec-kit://specs/${specId}`, 'spec-kit://specs', indexUri(specId)];
}

/** The same with the new bundle itself. */
export function changedByBundle(made: {
  readonly specId: string;
  readonly bundle: string;
}): readonly string[] {
  return [...changedByEvidence(made), bundleUri(made.specId, made.bundle)];
}
