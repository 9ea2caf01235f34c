import {
  type AgentId,
  type Block,
  type Certificate,
  type Cid,
  checkValidatorSet,
  createSchedule,
  type Effect,
  hasQuorum,
  headOf,
  type Input,
  isTransaction,
  type Ledger,
  leaderOf,
  type Proposal,
  REPLACEMENT_FEE_PERCENT,
  type Schedule,
  type Transaction,
  type Verified,
  type Vote,
} from '@commonweal/protocol'
import type { Conduct } from './conduct.ts'

type FinalBlock = Extract<Effect, { readonly kind: 'final' }>['blocks'][number]

/** Blocks after which nobody's vote for a block is waited for any more: they take four hops at least, a vote takes one. */
const LATE_BLOCKS = 2
/** Votes for blocks and in views that are remembered at most: many epochs of what honest nodes say. */
const BALLOTS_MAX = 1_024
/** Views of one leader that are remembered. */
const LED_VIEWS_MAX = 64
/** Nonces of one account that are remembered, and transactions that are in no block. */
const NONCES_MAX = 256
const UNUSED_MAX = 256
/** Heights that are remembered at which one was heard. */
const SPOKEN_MAX = 64
/** Blocks after which gossip brings a vote or proposal no more, and for how many it is remembered who did. */
const STALE_BLOCKS = 8
const STALE_KEPT_BLOCKS = 64
/** This epoch and the one before. */
const SCHEDULES_MAX = 2

/** What is kept of one validator. */
class Tally {
  refusedCount = 0
  doubleNonceCount = 0
  /** Final heights at which it sent something stale. */
  staleHeights: readonly number[] = []
  /** Whether each view that it led made a block, the latest last. */
  readonly ledViews: boolean[] = []
  unvotedCount = 0
  /** Heights after that of its last vote at which it was heard otherwise. */
  readonly spokenHeights: Set<number> = new Set()
  readonly unused: Set<Cid> = new Set()
  readonly nonces: Map<number, { readonly id: Cid; readonly feeMicro: bigint }> = new Map()
}

/**
 * Keeps count of what one node sees of the others: the messages that reach it, and the blocks that become final.
 *
 * It needs no more than the inputs of a replica and what came of them, so the book of a real node and that of a simulated one are the
 * same. All that it keeps is bounded.
 */
export class ConductBook {
  readonly #self: AgentId
  readonly #open: (envelope: Uint8Array) => Verified | null
  readonly #tallies = new Map<AgentId, Tally>()
  readonly #schedules = new Map<number, Schedule>()
  /** By block, or by epoch and view: whose votes are known, from themselves or from certificates. */
  readonly #voters = new Map<string, Set<AgentId>>()
  /** By block: whose votes came by themselves. */
  readonly #heard = new Map<string, Set<AgentId>>()
  readonly #unjudged: FinalBlock[] = []
  /** Where the last final blocks stand, oldest first. */
  #places: readonly { readonly epoch: number; readonly view: number }[] = []
  #height = 0
  /** Up to here it is known who has voted. */
  #judgedHeight = 0

  /** @param open opens a transaction of a final block that was not heard before. */
  constructor(self: AgentId, ledger: Ledger, open: (envelope: Uint8Array) => Verified | null) {
    this.#self = self
    this.#open = open
    this.#learnEpoch(ledger)
  }

  /** Takes in one step of the node's replica, and the ledger after it. */
  take(input: Input, effects: readonly Effect[], ledger: Ledger): void {
    if (input.kind === 'message') this.#hear(input.message, input.from, effects)
    for (const effect of effects) {
      if (effect.kind !== 'final') continue
      for (const block of effect.blocks) this.#takeFinal(block)
      this.#noteSigners(effect.certificate)
      this.#learnEpoch(ledger)
    }
  }

  /** Of all validators of this epoch and the last but ourselves. */
  conducts(): readonly Conduct[] {
    return [...this.#tallies]
      .filter(([agent]) => agent !== this.#self)
      .map(([agent, tally]) => ({
        agent,
        refusedCount: tally.refusedCount,
        doubleNonceCount: tally.doubleNonceCount,
        unusedCount: tally.unused.size,
        staleCount: tally.staleHeights.length,
        ledCount: tally.ledViews.length,
        lostCount: tally.ledViews.filter((hasBlock) => !hasBlock).length,
        unvotedCount: tally.unvotedCount,
        spokenCount: [...tally.spokenHeights].filter((height) => height <= this.#judgedHeight)
          .length,
      }))
  }

  #hear({ message, id }: Verified, from: AgentId | null, effects: readonly Effect[]): void {
    const { author } = message
    if ('view' in message) {
      this.#hearFrom(message, from)
      if (message.kind !== 'proposal')
        note(this.#voters, `${message.epoch}/${message.view}`, author)
      if ('block' in message) {
        note(this.#voters, message.block, author)
        note(this.#heard, message.block, author)
      }
    }
    const tally = this.#tallies.get(author)
    if (tally === undefined) return
    if (isTransaction(message)) {
      this.#noteTransaction(message, id)
      tally.unused.add(id)
      dropOldest(tally.unused, UNUSED_MAX)
    }
    const judged = effects.find((effect) => effect.kind === 'verdict')
    if (judged?.verdict === 'reject') tally.refusedCount += 1
    if (judged?.verdict !== 'accept' || ('view' in message && message.kind !== 'proposal')) return
    tally.spokenHeights.add(this.#height)
    dropOldest(tally.spokenHeights, SPOKEN_MAX)
  }

  #hearFrom(message: Proposal | Vote, from: AgentId | null): void {
    if (from === null || from === message.author || !this.#isStale(message)) return
    const tally = this.#tallies.get(from)
    if (tally === undefined) return
    const kept = tally.staleHeights.filter((height) => height > this.#height - STALE_KEPT_BLOCKS)
    tally.staleHeights = [...kept, this.#height]
  }

  /** Of a view that was over many blocks ago: who sends that and did not sign it has kept it. */
  #isStale({ epoch, view }: Proposal | Vote): boolean {
    const [oldest] = this.#places
    if (oldest === undefined || this.#places.length < STALE_BLOCKS) return false
    return epoch < oldest.epoch || (epoch === oldest.epoch && view < oldest.view)
  }

  #noteTransaction(transaction: Transaction, id: Cid): void {
    const { nonce, feeMicro } = transaction
    const tally = this.#tallies.get(transaction.author)
    const known = tally?.nonces.get(nonce)
    if (tally === undefined || known?.id === id) return
    if (known !== undefined && !isReplacement(known.feeMicro, feeMicro)) tally.doubleNonceCount += 1
    tally.nonces.set(nonce, { id, feeMicro })
    dropOldest(tally.nonces, NONCES_MAX)
  }

  #noteSigners(certificate: Certificate): void {
    const { epoch, view, block, signers } = certificate
    const set = this.#schedules.get(epoch)?.electorate.set ?? []
    for (const signer of signers) {
      const agent = set[signer]?.agent
      if (agent !== undefined) note(this.#voters, block ?? `${epoch}/${view}`, agent)
    }
  }

  #takeFinal(final: FinalBlock): void {
    const { block, receipts } = final
    const { epoch, height, view } = block.header
    this.#height = height
    this.#places = [...this.#places, { epoch, view }].slice(-STALE_BLOCKS)
    for (const [index, { id, author }] of receipts.entries()) {
      const unused = this.#tallies.get(author)?.unused
      // One that we did not hear may stand in the place of one that we heard.
      const isStrange = unused?.delete(id) === false && unused.size > 0
      const envelope = block.transactions[index]
      const opened = isStrange && envelope !== undefined ? this.#open(envelope)?.message : undefined
      if (opened !== undefined && isTransaction(opened)) this.#noteTransaction(opened, id)
    }
    for (const certificate of block.ancestry) this.#noteSigners(certificate)
    this.#judgeLeaders(block)
    this.#unjudged.push(final)
    if (this.#unjudged.length <= LATE_BLOCKS) return
    const [old] = this.#unjudged.splice(0, 1)
    if (old !== undefined) this.#judgeVoters(old)
  }

  /** The views that this block shows to be over: its own, and those before it that were nullified. */
  #judgeLeaders({ header, ancestry }: Block): void {
    const schedule = this.#schedules.get(header.epoch)
    this.#noteView(header.proposer, true)
    if (schedule === undefined) return
    for (const { kind, epoch, view } of ancestry) {
      if (kind !== 'nullify') continue
      const leader = leaderOf(schedule, view)
      // Who was not there is absent, and no bad leader.
      if (this.#voters.get(`${epoch}/${view}`)?.has(leader) === true) this.#noteView(leader, false)
    }
  }

  #noteView(leader: AgentId, hasBlock: boolean): void {
    const ledViews = this.#tallies.get(leader)?.ledViews
    ledViews?.push(hasBlock)
    if (ledViews !== undefined && ledViews.length > LED_VIEWS_MAX) ledViews.shift()
  }

  /** Whose votes for a block were not heard. Says nothing of a block that we learned of afterwards, or heard too little of. */
  #judgeVoters({ id, block }: FinalBlock): void {
    const { epoch, height } = block.header
    const { set = [], totalMicro = 0n } = this.#schedules.get(epoch)?.electorate ?? {}
    const voters = this.#voters.get(id) ?? new Set()
    const heard = this.#heard.get(id)
    const heardMicro = set.reduce((sum, { agent, stakeMicro }) => {
      return agent === this.#self || heard?.has(agent) === true ? sum + stakeMicro : sum
    }, 0n)
    if (!hasQuorum(heardMicro, totalMicro)) return
    this.#judgedHeight = height
    for (const { agent } of set) {
      const tally = this.#tallies.get(agent)
      if (tally === undefined) continue
      tally.unvotedCount = voters.has(agent) ? 0 : tally.unvotedCount + 1
      if (!voters.has(agent)) continue
      for (const spoken of tally.spokenHeights) {
        if (spoken <= height) tally.spokenHeights.delete(spoken)
      }
    }
  }

  /** The validators and leaders of this epoch and the one before. What no block had use for in an epoch is forgotten with it. */
  #learnEpoch(ledger: Ledger): void {
    const { epoch, validators, leaderSeed } = headOf(ledger)
    const electorate = checkValidatorSet(validators)
    if (this.#schedules.has(epoch) || !electorate.ok) return
    this.#schedules.set(epoch, createSchedule(electorate.value, leaderSeed))
    dropOldest(this.#schedules, SCHEDULES_MAX)
    const sets = [...this.#schedules.values()].map((schedule) => schedule.electorate.indexOf)
    for (const { agent } of validators) {
      if (!this.#tallies.has(agent)) this.#tallies.set(agent, new Tally())
    }
    for (const [agent, tally] of this.#tallies) {
      tally.unused.clear()
      if (!electorate.value.indexOf.has(agent)) tally.unvotedCount = 0
      if (!sets.some((members) => members.has(agent))) this.#tallies.delete(agent)
    }
  }
}

function note(ballots: Map<string, Set<AgentId>>, ballot: string, author: AgentId): void {
  const voters = ballots.get(ballot) ?? new Set()
  ballots.set(ballot, voters.add(author))
  dropOldest(ballots, BALLOTS_MAX)
}

function isReplacement(feeMicro: bigint, otherMicro: bigint): boolean {
  const [low, high] = feeMicro < otherMicro ? [feeMicro, otherMicro] : [otherMicro, feeMicro]
  return high * 100n >= low * REPLACEMENT_FEE_PERCENT
}

/** A map or set keeps the order in which its keys came. */
function dropOldest<K>(kept: Map<K, unknown> | Set<K>, sizeMax: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= sizeMax) return
    kept.delete(key)
  }
}
