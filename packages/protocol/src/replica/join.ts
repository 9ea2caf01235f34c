import type { ChainContext } from '../chain/context.ts'
import { createGenesisLedger, type GenesisCode } from '../chain/genesis-ledger.ts'
import { headOf } from '../chain/head.ts'
import type { Cid } from '../codec/cid.ts'
import { blockIdOf } from '../consensus/block.ts'
import { type CertificateCode, verifyCertificate } from '../consensus/certificate.ts'
import { checkValidatorSet, type ValidatorSetCode } from '../consensus/validators.ts'
import { loadLedger } from '../ledger/load.ts'
import type { ValidatorSet } from '../message/consensus.ts'
import { ok, type Result, reject } from '../result.ts'
import type { Snapshot } from './effect.ts'
import type { CertifiedHeader } from './serve.ts'

export type JoinCode =
  | CertificateCode
  | ValidatorSetCode
  | GenesisCode
  | 'epoch-missing'
  | 'not-an-epoch-end'
  | 'certificate-of-another'
  | 'state-digest-mismatch'
  | 'head-mismatch'

/** What is known for certain of a chain: the validators of an epoch, and the block that it stands on. */
export interface TrustedEpoch {
  readonly epoch: number
  readonly set: ValidatorSet
  /** b_{e−1}, or the genesis. */
  readonly root: Cid
  readonly rootHeight: number
}

/** What a genesis says of epoch 1. [SYN-5] */
export function trustGenesis(context: ChainContext): Result<TrustedEpoch, JoinCode> {
  const ledger = createGenesisLedger(context)
  if (!ledger.ok) return ledger
  const { validators } = headOf(ledger.value)
  return ok({ epoch: 1, set: validators, root: context.networkId, rootHeight: 0 })
}

/**
 * Follows the ends of epochs: each is certified by the set that the one before it names. [SYN-5]
 *
 * Errors  reject: all; facts name the epoch.
 */
export function verifyEpochChain(
  context: ChainContext,
  start: TrustedEpoch,
  ends: readonly CertifiedHeader[],
): Result<TrustedEpoch, JoinCode> {
  let trusted = start
  for (const end of ends) {
    const next = verifyEpochEnd(context, trusted, end)
    if (!next.ok) return next
    trusted = next.value
  }
  return ok(trusted)
}

/** Whether this header is final in the trusted epoch: a quorum of its set finalized it. [SYN-5] */
export function verifyFinal(
  context: ChainContext,
  { epoch, set }: TrustedEpoch,
  { header, certificate }: CertifiedHeader,
): Result<Cid, JoinCode> {
  if (header.epoch !== epoch) return reject('epoch-missing', { wanted: epoch, given: header.epoch })
  const id = blockIdOf(header)
  const isOfThis = certificate.kind === 'finalize' && certificate.epoch === epoch
  if (!isOfThis || certificate.block !== id) return reject('certificate-of-another', { epoch })
  const electorate = checkValidatorSet(set)
  if (!electorate.ok) return electorate
  const verified = verifyCertificate(certificate, electorate.value, context)
  return verified.ok ? ok(id) : verified
}

function verifyEpochEnd(
  context: ChainContext,
  trusted: TrustedEpoch,
  end: CertifiedHeader,
): Result<TrustedEpoch, JoinCode> {
  const id = verifyFinal(context, trusted, end)
  if (!id.ok) return id
  const { nextSet, epoch, height } = end.header
  if (nextSet === null) return reject('not-an-epoch-end', { epoch, height })
  return ok({ epoch: epoch + 1, set: nextSet, root: id.value, rootHeight: height })
}

/**
 * Rebuilds a ledger from a snapshot's entries and checks it against the certified header of b_e. [SYN-4]
 *
 * Errors  reject: 'state-digest-mismatch' · 'head-mismatch' · 'not-an-epoch-end'
 */
export function verifySnapshot(
  header: CertifiedHeader['header'],
  entries: Iterable<readonly [string, unknown]>,
): Result<Snapshot, JoinCode> {
  if (header.nextSet === null) return reject('not-an-epoch-end', { height: header.height })
  const ledger = loadLedger(entries)
  const digest = ledger.digest()
  if (digest !== header.stateDigest) {
    return reject('state-digest-mismatch', { certified: header.stateDigest, computed: digest })
  }
  const head = headOf(ledger)
  if (head.height !== header.height || head.epoch !== header.epoch + 1) {
    return reject('head-mismatch', { height: head.height, epoch: head.epoch })
  }
  const { epoch, height } = header
  return ok({ epoch, height, id: blockIdOf(header), ledger })
}
