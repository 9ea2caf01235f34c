import type { Certificate } from '@commonweal/protocol'

/** The same envelope with another signature: one bit of it. */
export function changeSignature(envelope: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(envelope)
  changed.set([(changed.at(-1) ?? 0) ^ 1], changed.length - 1)
  return changed
}

/** A nullification that so many are said to have signed. */
export function forgeNullification(
  { epoch, view }: { readonly epoch: number; readonly view: number },
  signerCount: number,
): Certificate {
  const signers = Array.from({ length: signerCount }, (_, index) => index)
  const signatures = signers.map(() => new Uint8Array(64).fill(7))
  return { kind: 'nullify', epoch, view, block: null, signers, signatures }
}
