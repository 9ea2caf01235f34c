import type { Cid } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Certificate, Vote, VoteKind } from '../message/consensus.ts'
import { type OpenContext, verifyMessage } from '../message/envelope.ts'
import { ok, type Result, reject } from '../result.ts'
import { type Electorate, hasQuorum } from './validators.ts'

export type CertificateCode =
  | 'certificate-block'
  | 'certificate-signature-count'
  | 'certificate-unordered'
  | 'certificate-unknown-signer'
  | 'certificate-no-quorum'
  | 'certificate-bad-signature'

/** What a vote says, without who says it. */
export interface Ballot {
  readonly kind: VoteKind
  readonly epoch: number
  readonly view: number
  /** Null exactly for `nullify`. */
  readonly block: Cid | null
}

/** Whether this very signature of this agent under this ballot was verified before. */
export type IsKnown = (agent: AgentId, signature: Uint8Array) => boolean

/**
 * Checks a certificate against the validator set of its epoch, cheap checks before dear ones. [CON-5]
 *
 * Shape   a block is named exactly if the kind is not `nullify`; signers ascend, none twice; one signature a signer.
 * Errors  all reject, in this order: 'certificate-block' · 'certificate-signature-count' · 'certificate-unordered' ·
 *         'certificate-unknown-signer' · 'certificate-no-quorum' · 'certificate-bad-signature'
 * Cost    one verification a signature that is not already known.
 */
export function verifyCertificate(
  certificate: Certificate,
  electorate: Electorate,
  context: OpenContext,
  isKnown: IsKnown = () => false,
): Result<null, CertificateCode> {
  const { kind, block, signers, signatures } = certificate
  if ((kind === 'nullify') !== (block === null)) return reject('certificate-block', { kind })
  if (signers.length !== signatures.length) return reject('certificate-signature-count')
  let stakeMicro = 0n
  let last = -1
  for (const signer of signers) {
    if (signer <= last) return reject('certificate-unordered', { signer })
    const validator = electorate.set[signer]
    if (validator === undefined) return reject('certificate-unknown-signer', { signer })
    stakeMicro += validator.stakeMicro
    last = signer
  }
  if (!hasQuorum(stakeMicro, electorate.totalMicro)) {
    return reject('certificate-no-quorum', { stakeMicro, totalMicro: electorate.totalMicro })
  }
  for (const [agent, signature] of signaturesOf(certificate, electorate)) {
    if (isKnown(agent, signature)) continue
    const vote = createVote(certificate, agent)
    if (signature.length !== 64 || !verifyMessage(vote, signature, context)) {
      return reject('certificate-bad-signature', { agent })
    }
  }
  return ok(null)
}

/** Who signed, with what. */
export function signaturesOf(
  certificate: Certificate,
  electorate: Electorate,
): readonly (readonly [AgentId, Uint8Array])[] {
  return certificate.signers.flatMap((signer, index) => {
    const validator = electorate.set[signer]
    const signature = certificate.signatures[index]
    return validator === undefined || signature === undefined
      ? []
      : [[validator.agent, signature] as const]
  })
}

/** The vote that an agent signs when it casts this ballot. */
export function createVote({ kind, epoch, view, block }: Ballot, author: AgentId): Vote {
  if (kind === 'nullify' || block === null) return { kind: 'nullify', author, epoch, view }
  return { kind, author, epoch, view, block }
}

/** What a vote says. */
export function ballotOf(vote: Vote): Ballot {
  const { kind, epoch, view } = vote
  return { kind, epoch, view, block: vote.kind === 'nullify' ? null : vote.block }
}

/** A certificate of these votes, signers ascending. Whether they are a quorum, the caller knows. [CON-5] */
export function createCertificate(
  { kind, epoch, view, block }: Ballot,
  signatures: ReadonlyMap<AgentId, Uint8Array>,
  electorate: Electorate,
): Certificate {
  const signed = [...signatures]
    .flatMap(([agent, signature]) => {
      const signer = electorate.indexOf.get(agent)
      return signer === undefined ? [] : [{ signer, signature }]
    })
    .toSorted((a, b) => a.signer - b.signer)
  return {
    kind,
    epoch,
    view,
    block,
    signers: signed.map(({ signer }) => signer),
    signatures: signed.map(({ signature }) => signature),
  }
}

/** Whether two byte strings are the same. */
export function areEqualBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
