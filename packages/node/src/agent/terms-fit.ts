import { encode, type Terms, termsSchema } from '@commonweal/protocol'

/** Most bytes of terms: a proposal has 32 KiB, and what stands beside the terms takes less than one. [ENC-8] */
export const TERMS_SIZE_MAX: number = 31 * 1024

/**
 * Whether a proposal can carry terms. Peers reject one that cannot, and hold it against whoever signed it.
 *
 * A law is limited in characters, which in comments may have three bytes each.
 */
export function fitsProposal(terms: Terms): boolean {
  return termsSchema.safeParse(terms).success && encode(terms).length <= TERMS_SIZE_MAX
}
