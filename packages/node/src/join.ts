import {
  blockIdOf,
  type Certificate,
  type CertifiedHeader,
  type ChainContext,
  type FinalBlock,
  invariant,
  type Ledger,
  type TrustedEpoch,
  trustGenesis,
  verifyEpochChain,
  verifyFinal,
  verifySnapshot,
} from '@commonweal/protocol'
import type { Checkpoint } from './bundle.ts'
import { type Claim, JoinError } from './join-error.ts'
import type { LogPort, StorePort } from './ports.ts'
import type { PeerPool } from './sync/peer-pool.ts'
import type { SyncClient } from './sync/sync-client.ts'
import { SyncError } from './sync/sync-error.ts'

/** Peers whose heads, and whose whole chains, are compared at most. */
export const JOIN_PEERS_MAX = 8

export interface JoinOptions {
  readonly context: ChainContext
  readonly client: SyncClient
  readonly peers: PeerPool
  readonly store: StorePort
  readonly checkpoint: Checkpoint | null
  readonly headCountMin: number
  readonly log: LogPort
}

/** What a newcomer knows when it begins to follow. */
export interface Joined {
  /** Of the snapshot that it starts from; 0 starts at the genesis. */
  readonly epoch: number
  readonly height: number
  /** Certified heads that the chain has to run into; a watch holds the node to them. */
  readonly heads: readonly Claim[]
  /** Epochs from what was trusted beforehand to the newest that peers show. */
  readonly ageEpochs: number
}

/**
 * Brings an empty store to a certified state of a running network. [SYN-5]
 *
 * From what is trusted beforehand (the genesis, or a checkpoint) the chain of epoch ends is followed as every peer tells it:
 * each end is certified by the set that the one before names. Where two peers prove different blocks, nobody is believed.
 * The ledger of the last end is fetched and compared with the digest in its header. What comes after, the node follows.
 *
 * Errors  JoinError
 */
export async function joinNetwork(options: JoinOptions): Promise<Joined> {
  const { checkpoint, store, log } = options
  const { heads, liars } = await collectHeads(options)
  const start = await trustStart(options)
  const chain = new EpochChain(options.context, start)
  if (!(await hearChains(options, chain, { heads, liars })))
    throw new JoinError('no-chain', 'no peer gave a chain that proves itself')
  const trusted = heads.filter((head) => chain.holds(head))
  chain.compare(trusted)
  const { epoch } = chain.latest
  const ageEpochs = epoch - start.epoch
  const { unbondingEpochs } = options.context.genesis.epochs
  if (ageEpochs > unbondingEpochs) {
    const code = checkpoint === null ? 'genesis-too-old' : 'checkpoint-too-old'
    throw new JoinError(
      code,
      `the chain is ${ageEpochs} epochs longer than what is trusted, stake stays bonded for ${unbondingEpochs}: ask for a newer checkpoint`,
      { facts: { ageEpochs, unbondingEpochs } },
    )
  }
  const last = chain.lastEnd()
  if (last === undefined) return { epoch: 0, height: 0, heads: trusted, ageEpochs }
  const ledger = await fetchLedger(options, last)
  const { header } = last
  store.commit([
    ...chain.ends().map((end) => ({ kind: 'epoch-end', end }) as const),
    {
      kind: 'snapshot',
      snapshot: {
        epoch: header.epoch,
        height: header.height,
        id: blockIdOf(header),
        entries: ledger.entries(),
      },
    },
  ])
  log.info(
    { epoch: header.epoch, height: header.height, heads: trusted.length, ageEpochs },
    'joined at a certified snapshot',
  )
  return { epoch: header.epoch, height: header.height, heads: trusted, ageEpochs }
}

/** What peers showed as their heads, and who showed less than it had claimed. */
interface Heads {
  readonly heads: readonly Claim[]
  readonly liars: ReadonlySet<string>
}

async function collectHeads({ client, peers, headCountMin, log }: JoinOptions): Promise<Heads> {
  const heads: Claim[] = []
  const liars = new Set<string>()
  let answers = 0
  for (const peerId of peers.order(null)) {
    if (answers === JOIN_PEERS_MAX) break
    try {
      const head = await client.head(peerId)
      const claimed = peers.claimedHeightOf(peerId)
      const height = head?.header.height ?? 0
      if (height < claimed) {
        liars.add(peerId)
        const sentence = `${peerId} claims a height of ${claimed} and shows ${height}`
        throw new SyncError('bad-content', sentence)
      }
      answers += 1
      if (head !== undefined && head.certificate !== null) {
        heads.push({ peerId, header: head.header, certificate: head.certificate })
      }
    } catch (error) {
      log.warn({ peerId, code: peers.blame(peerId, error) }, 'a peer did not tell its head')
    }
  }
  if (answers >= headCountMin) return { heads, liars }
  throw new JoinError(
    'too-few-peers',
    `${answers} peers told their heads, ${headCountMin} are needed to compare`,
    { facts: { answers, headCountMin } },
  )
}

/**
 * Follows the chain as peers tell it, until as many as are compared have told it up to the latest head; says whether any proved
 * what it told. Who tells less takes nobody's place.
 */
async function hearChains(
  options: JoinOptions,
  chain: EpochChain,
  { heads, liars }: Heads,
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

async function trustStart({
  context,
  checkpoint,
  client,
  peers,
  log,
}: JoinOptions): Promise<TrustedEpoch & { readonly end: CertifiedHeader | null }> {
  if (checkpoint === null) {
    const trusted = trustGenesis(context)
    invariant(trusted.ok, 'a genesis is checked before a node starts with it')
    return { ...trusted.value, end: null }
  }
  for (const peerId of peers.order(null)) {
    try {
      const [end] = await client.epochs(peerId, checkpoint.epoch)
      if (end === undefined) continue
      const { header } = end
      const isIt =
        blockIdOf(header) === checkpoint.block && header.stateDigest === checkpoint.stateDigest
      if (!isIt || header.nextSet === null) {
        log.warn({ peerId, epoch: checkpoint.epoch }, 'a peer has another block at the checkpoint')
        continue
      }
      return {
        epoch: checkpoint.epoch + 1,
        set: header.nextSet,
        root: checkpoint.block,
        rootHeight: header.height,
        end,
      }
    } catch (error) {
      log.warn({ peerId, code: peers.blame(peerId, error) }, 'a peer did not tell its epochs')
    }
  }
  throw new JoinError(
    'checkpoint-unknown',
    `no peer has the block ${checkpoint.block} of the checkpoint at the end of epoch ${checkpoint.epoch}`,
    { facts: { epoch: checkpoint.epoch, block: checkpoint.block } },
  )
}

/** Follows the chain as one peer tells it, up to an epoch, which it gives; null where the peer did not prove what it told. */
async function tellChain(
  { client, peers, log }: JoinOptions,
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
  { client, peers, log }: JoinOptions,
  { header }: CertifiedHeader,
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

/** The ends of epochs that certificates prove, from what was trusted beforehand on. */
class EpochChain {
  readonly first: number
  readonly #context: ChainContext
  readonly #trusted = new Map<number, TrustedEpoch>()
  readonly #ends = new Map<number, Claim>()
  readonly #start: CertifiedHeader | null
  #latest: TrustedEpoch

  constructor(context: ChainContext, start: TrustedEpoch & { end: CertifiedHeader | null }) {
    this.#context = context
    this.first = start.epoch
    this.#latest = start
    this.#start = start.end
    this.#trusted.set(start.epoch, start)
  }

  get latest(): TrustedEpoch {
    return this.#latest
  }

  /**
   * Takes the end of an epoch, the next one or one that is known already.
   *
   * Errors  SyncError 'bad-content' where nothing proves it · JoinError 'conflicting-heads' where it is proven, and another
   *         one is too.
   */
  add(claim: Claim): void {
    const { epoch } = claim.header
    const known = this.#ends.get(epoch)
    if (known !== undefined && blockIdOf(known.header) === blockIdOf(claim.header)) return
    const trusted = this.#trusted.get(epoch)
    const next = trusted && verifyEpochChain(this.#context, trusted, [claim])
    if (next?.ok !== true) {
      throw new SyncError('bad-content', `${claim.peerId}: the end of epoch ${epoch} is not proven`)
    }
    if (known !== undefined) throw conflict(known, claim)
    this.#ends.set(epoch, claim)
    this.#trusted.set(epoch + 1, next.value)
    this.#latest = next.value
  }

  /** Whether a head is proven by the set of its epoch. One of an epoch that nobody has proven yet is passed over. */
  holds(head: Claim): boolean {
    const trusted = this.#trusted.get(head.header.epoch)
    return trusted !== undefined && verifyFinal(this.#context, trusted, head).ok
  }

  /** Errors  JoinError 'conflicting-heads' */
  compare(heads: readonly Claim[]): void {
    const byHeight = new Map<number, Claim>(
      [...this.#ends.values()].map((end) => [end.header.height, end]),
    )
    for (const head of heads) {
      const end = this.#ends.get(head.header.epoch)
      const isBeyond = end !== undefined && head.header.height > end.header.height
      const other = isBeyond ? end : byHeight.get(head.header.height)
      if (other !== undefined && blockIdOf(other.header) !== blockIdOf(head.header)) {
        throw conflict(other, head)
      }
      byHeight.set(head.header.height, head)
    }
  }

  ends(): readonly CertifiedHeader[] {
    const ends = [...this.#ends.values()].map(({ header, certificate }) => ({
      header,
      certificate,
    }))
    return this.#start === null ? ends : [this.#start, ...ends]
  }

  lastEnd(): CertifiedHeader | undefined {
    return this.ends().at(-1)
  }
}

function conflict(one: Claim, other: Claim): JoinError {
  const { epoch, height } = other.header
  return new JoinError(
    'conflicting-heads',
    `${one.peerId} and ${other.peerId} prove different blocks at the end of epoch ${epoch}: a third of the stake contradicts itself`,
    {
      facts: { epoch, height, one: blockIdOf(one.header), other: blockIdOf(other.header) },
      evidence: [one, other],
    },
  )
}

/** Holds a newcomer to the heads that peers proved to it: the chain that it follows must run into every one. */
export class HeadWatch {
  #heads: readonly Claim[]

  constructor(heads: readonly Claim[]) {
    this.#heads = heads
  }

  /** Errors  JoinError 'conflicting-heads' */
  check(blocks: readonly FinalBlock[], certificate: Certificate): void {
    for (const { id, block } of blocks) {
      const { header } = block
      const head = this.#heads.find((claim) => claim.header.height === header.height)
      if (head !== undefined && blockIdOf(head.header) !== id) {
        throw conflict(head, { peerId: 'the chain that is followed', header, certificate })
      }
      this.#heads = this.#heads.filter((claim) => claim.header.height > header.height)
    }
  }
}
