import { blockIdOf, type ChainContext, type Ledger, verifySnapshot } from '@commonweal/protocol'
import { type Claim, JoinError } from '../join-error.ts'
import type { EpochEnd, StoreWrite } from '../ports.ts'
import { EpochChain } from './epoch-chain.ts'
import { JOIN_PEERS_MAX, type PeerHeads, type StateOptions } from './peer-heads.ts'
import { SyncError } from './sync-error.ts'
import type { TrustedStart } from './trusted-start.ts'

/** The ledger after the end of an epoch, proven and ready to be written. */
export interface CertifiedState {
  readonly epoch: number
  readonly height: number
  /** The chain of epochs up to it, and the snapshot: one transaction. */
  readonly writes: readonly StoreWrite[]
}

/** A place in the chain. */
export interface Place {
  readonly epoch: number
  readonly height: number
}

/** Which state is of use. */
export interface WantedState {
  readonly heightMin: number
  /** At least one of the heads that peers prove must be such a one. [any will do] */
  readonly isHeadFar?: (head: Place) => boolean
}

/** What peers proved of their chain. */
export interface ProvenChain {
  /** Heads that the chain has to run into. */
  readonly heads: readonly Claim[]
  /** Epochs from what was trusted beforehand to the newest that peers show. */
  readonly ageEpochs: number
  /** Null where it is of no use. */
  readonly state: CertifiedState | null
}

/**
 * Follows the chain of epoch ends from what is trusted beforehand, as every peer tells it: each end is certified by the set that
 * the one before names. Where two peers prove different blocks, nobody is believed. The ledger of the last end is fetched and
 * compared with the digest in its header. [SYN-4] [SYN-5] [SYN-6]
 *
 * Errors  JoinError
 */
export async function fetchCertifiedState(
  options: StateOptions,
  start: TrustedStart,
  { heads, liars }: PeerHeads,
  { heightMin, isHeadFar }: WantedState,
): Promise<ProvenChain> {
  const chain = new EpochChain(options.context, start)
  const trustedEpoch = chain.latest.epoch
  if (!(await hearChains(options, chain, { heads, liars })))
    throw new JoinError('no-chain', 'no peer gave a chain that proves itself')
  const trusted = heads.filter((head) => chain.holds(head))
  chain.compare(trusted)
  const ageEpochs = chain.latest.epoch - trustedEpoch
  checkAge(ageEpochs, start, options.context)
  const last = chain.lastEnd()
  const isOfUse = isHeadFar === undefined || trusted.some(({ header }) => isHeadFar(header))
  if (last === undefined || last.header.height < heightMin || !isOfUse) {
    return { heads: trusted, ageEpochs, state: null }
  }
  const ledger = await fetchLedger(options, last)
  const { epoch, height } = last.header
  const snapshot = { epoch, height, id: blockIdOf(last.header), entries: ledger.entries() }
  const writes: readonly StoreWrite[] = [
    ...chain.ends().map((end) => ({ kind: 'epoch-end', end }) as const),
    { kind: 'snapshot', snapshot },
  ]
  return { heads: trusted, ageEpochs, state: { epoch, height, writes } }
}

/** [SYN-6] Keys that have nothing at stake any more can sign another history. */
function checkAge(ageEpochs: number, { by }: TrustedStart, { genesis }: ChainContext): void {
  const { unbondingEpochs } = genesis.epochs
  if (ageEpochs <= unbondingEpochs) return
  const facts = { ageEpochs, unbondingEpochs }
  if (by === 'own-chain') {
    throw new JoinError(
      'absent-too-long',
      `the network is ${ageEpochs} epochs ahead of this node's data, stake stays bonded for ${unbondingEpochs}: hand it a newer checkpoint, with a newer bundle or as join.checkpoint in its configuration`,
      { facts },
    )
  }
  throw new JoinError(
    by === 'genesis' ? 'genesis-too-old' : 'checkpoint-too-old',
    `the chain is ${ageEpochs} epochs longer than what is trusted, stake stays bonded for ${unbondingEpochs}: ask for a newer checkpoint`,
    { facts },
  )
}

/**
 * Follows the chain as peers tell it, until as many as are compared have told it up to the latest head; says whether any proved
 * what it told. Who tells less takes nobody's place.
 */
async function hearChains(
  options: StateOptions,
  chain: EpochChain,
  { heads, liars }: PeerHeads,
): Promise<boolean> {
  const goal = Math.max(...heads.map(({ header }) => header.epoch), chain.first)
  const told: number[] = []
  for (const peerId of options.peers.order(null)) {
    if (liars.has(peerId)) continue
    const next = await tellChain(options, chain, peerId)
    if (next !== null) told.push(next)
    if (told.filter((epoch) => epoch >= goal).length === JOIN_PEERS_MAX) break
  }
  return told.length > 0
}

/** Follows the chain as one peer tells it, up to an epoch, which it gives; null where the peer did not prove what it told. */
async function tellChain(
  { client, peers, log }: StateOptions,
  chain: EpochChain,
  peerId: string,
): Promise<number | null> {
  try {
    for (let epoch = chain.first; ; ) {
      const ends = await client.epochs(peerId, epoch)
      for (const end of ends) chain.add({ peerId, ...end })
      if (ends.length === 0) return epoch
      epoch += ends.length
    }
  } catch (error) {
    if (error instanceof JoinError) throw error
    log.warn({ peerId, code: peers.blame(peerId, error) }, 'a peer did not prove its chain')
    return null
  }
}

async function fetchLedger(
  { client, peers, log }: StateOptions,
  { header }: EpochEnd,
): Promise<Ledger> {
  for (const peerId of peers.order(null)) {
    try {
      const { end, entries } = await client.snapshot(peerId, header.epoch)
      if (blockIdOf(end.header) !== blockIdOf(header)) {
        throw new SyncError('bad-content', `${peerId} sent the snapshot of another block`)
      }
      const snapshot = verifySnapshot(header, entries)
      if (snapshot.ok) return snapshot.value.ledger
      throw new SyncError('bad-content', `${peerId} sent a snapshot: ${snapshot.error.code}`)
    } catch (error) {
      log.warn({ peerId, code: peers.blame(peerId, error) }, 'a peer did not give its snapshot')
    }
  }
  throw new JoinError('no-chain', `no peer gave the ledger at the end of epoch ${header.epoch}`, {
    facts: { epoch: header.epoch },
  })
}
