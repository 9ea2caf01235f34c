import type { Certificate, SyncFrame, SyncRequest } from '@commonweal/protocol'

/** One way to answer falsely who asks for the chain. */
export interface SyncLie {
  readonly name: string
  /** The refusal that a newcomer counts. */
  readonly code: string
  readonly on: SyncRequest['kind']
  /** What it makes of a true frame, or instead of one. */
  readonly tell: (frame: SyncFrame) => SyncFrame | Uint8Array
}

export const SYNC_LIES: readonly SyncLie[] = [
  {
    name: 'a snapshot in which everybody is rich',
    code: 'bad-content',
    on: 'snapshot',
    tell: (frame) =>
      frame.kind === 'entries'
        ? { ...frame, entries: frame.entries.map(([key, value]) => [key, enrich(value)]) }
        : frame,
  },
  {
    name: 'an epoch that ends in another state, under the true certificate',
    code: 'bad-content',
    on: 'epochs',
    tell: (frame) =>
      frame.kind === 'epoch-end'
        ? { ...frame, header: { ...frame.header, stateDigest: frame.header.transactionsDigest } }
        : frame,
  },
  {
    name: 'an epoch whose certificate has other signatures',
    code: 'bad-content',
    on: 'epochs',
    tell: (frame) =>
      frame.kind === 'epoch-end' ? { ...frame, certificate: unsigned(frame.certificate) } : frame,
  },
  {
    name: 'final blocks with other transactions in them',
    code: 'body-mismatch',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'block'
        ? { ...frame, block: { ...frame.block, transactions: [new Uint8Array(100)] } }
        : frame,
  },
  {
    name: 'final blocks with other headers',
    code: 'chain-unlinked',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'block'
        ? {
            ...frame,
            block: {
              ...frame.block,
              header: { ...frame.block.header, stateDigest: frame.block.header.transactionsDigest },
            },
          }
        : frame,
  },
  {
    name: 'final blocks under a certificate that does not make them final',
    code: 'chain-uncertified',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'certificate'
        ? { ...frame, certificate: { ...frame.certificate, kind: 'notarize' } }
        : frame,
  },
  {
    name: 'final blocks under a certificate with other signatures',
    code: 'certificate-bad-signature',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'certificate' ? { ...frame, certificate: unsigned(frame.certificate) } : frame,
  },
  {
    name: 'frames of another request',
    code: 'bad-frame',
    on: 'blocks',
    tell: () => ({ kind: 'entries', entries: [] }),
  },
  { name: 'garbage', code: 'bad-frame', on: 'head', tell: () => new Uint8Array(64).fill(0xff) },
]

/** A million tokens more, if it is an account. */
function enrich(value: unknown): unknown {
  const isAccount = typeof value === 'object' && value !== null && 'balanceMicro' in value
  return isAccount ? { ...value, balanceMicro: 1_000_000_000_000 } : value
}

/** The certificate with signatures that are nobody's. */
function unsigned(certificate: Certificate): Certificate {
  const signatures = certificate.signatures.map(() => new Uint8Array(64))
  return { ...certificate, signatures }
}
