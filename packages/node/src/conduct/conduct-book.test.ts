import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  builtInSubnets,
  type Certificate,
  type Cid,
  checkValidatorSet,
  cidOf,
  createGenesisLedger,
  createSchedule,
  digestOf,
  type Effect,
  encode,
  headOf,
  leaderOf,
  type Message,
  networkIdOf,
  nobleVerify,
  open,
  present,
  type Receipt,
  seal,
  type Verdict,
  type Verified,
} from '@commonweal/protocol'
import { createLocalGenesis, createLocalSigners } from '../local/genesis.ts'
import type { Conduct } from './conduct.ts'
import { ConductBook } from './conduct-book.ts'

const NODES = [0, 1, 2, 3, 4]
const genesis = createLocalGenesis({ nodes: NODES.length, seed: 'book' })
const networkId = networkIdOf(genesis)
const context = { networkId, verify: nobleVerify }
const signers = createLocalSigners('book', NODES.length)
const made = createGenesisLedger({ genesis, ...context, subnets: builtInSubnets })
const ledger = present(made.ok ? made.value : null, 'a local genesis is good')
const { validators, leaderSeed } = headOf(ledger)
const checked = checkValidatorSet(validators)
const electorate = present(checked.ok ? checked.value : null, 'a genesis has a good set')
const schedule = createSchedule(electorate, leaderSeed)

const signerAt = (seat: number) => present(signers[seat], 'there are five nodes')
const agentAt = (seat: number): AgentId => signerAt(seat).agent
const seatOf = (agent: AgentId): number => NODES.findIndex((seat) => agentAt(seat) === agent)
const blockAt = (height: number): Cid => cidOf(encode(height))

function transferOf(seat: number, nonce: number, to: number, feeMicro = 20_000n): Verified {
  const author = agentAt(seat)
  const amountMicro = 1n
  return signed({ kind: 'transfer', author, nonce, feeMicro, to: agentAt(to), amountMicro })
}

function signed(message: Message): Verified {
  return seal(message, networkId, signerAt(seatOf(message.author)))
}

interface FinalFacts {
  readonly view?: number
  readonly ancestry?: readonly Certificate[]
  readonly transactions?: readonly Verified[]
}

/** The book of node 0, told things by hand. */
class Reader {
  readonly book = new ConductBook(agentAt(0), ledger, (envelope) => {
    const opened = open(envelope, context)
    return opened.ok ? opened.value : null
  })

  hear(message: Verified, verdict: Verdict = 'accept', from = message.message.author): this {
    const effects: readonly Effect[] = [{ kind: 'verdict', verdict, code: null }]
    this.book.take({ kind: 'message', message, from, nowMs: 0 }, effects, ledger)
    return this
  }

  /** Votes for the block of a height, by themselves. */
  vote(height: number, seats: readonly number[]): this {
    for (const seat of seats) {
      const place = { epoch: 1, view: height, block: blockAt(height) }
      this.hear(signed({ kind: 'notarize', author: agentAt(seat), ...place }))
    }
    return this
  }

  /** A block is final; nobody but those of `vote` is known to have voted for it. */
  final(
    height: number,
    { view = height, ancestry = [], transactions = [] }: FinalFacts = {},
  ): this {
    const digest = digestOf(encode(height))
    const header = {
      epoch: 1,
      height,
      view,
      parent: blockAt(height - 1),
      proposer: leaderOf(schedule, view),
      transactionsDigest: digest,
      stateDigest: digest,
      ancestryDigest: digest,
      nextSet: null,
    }
    const receipts = transactions.map(({ id, message }): Receipt => {
      return { id, author: message.author, kind: 'transfer', code: 'ok', facts: {} }
    })
    const envelopes = transactions.map(({ envelope }) => envelope)
    const block = { header, ancestry, transactions: envelopes }
    const certificate = certificateOf('finalize', view, [])
    const blocks = [{ id: blockAt(height), block, receipts, events: [] }]
    this.book.take({ kind: 'tick', nowMs: 0 }, [{ kind: 'final', blocks, certificate }], ledger)
    return this
  }

  of(seat: number): Conduct {
    const found = this.book.conducts().find(({ agent }) => agent === agentAt(seat))
    return present(found, 'every other validator has its conduct')
  }
}

function certificateOf(
  kind: Certificate['kind'],
  view: number,
  seats: readonly number[],
): Certificate {
  const signing = seats.map((seat) => electorate.indexOf.get(agentAt(seat)) ?? -1).toSorted()
  const signatures = signing.map(() => new Uint8Array(64))
  return { kind, epoch: 1, view, block: null, signers: signing, signatures }
}

describe('a book of conduct', () => {
  it('has a page for every validator but its owner', () => {
    assert.deepEqual(
      new Reader().book.conducts().map(({ agent }) => agent),
      validators.map(({ agent }) => agent).filter((agent) => agent !== agentAt(0)),
    )
  })

  it('counts signed messages that no honest peer could send, not those that came at a bad time', () => {
    const reader = new Reader()
    reader.hear(transferOf(1, 1, 2), 'reject').hear(transferOf(1, 2, 2), 'ignore')
    assert.equal(reader.of(1).refusedCount, 1)
  })

  it('counts a nonce that was spent twice, unless the fee replaces', () => {
    const reader = new Reader().hear(transferOf(1, 1, 2)).hear(transferOf(1, 1, 2))
    assert.equal(reader.of(1).doubleNonceCount, 0)
    assert.equal(reader.hear(transferOf(1, 1, 3)).of(1).doubleNonceCount, 1)
    const replaced = new Reader().hear(transferOf(1, 1, 2)).hear(transferOf(1, 1, 2, 22_000n))
    assert.equal(replaced.of(1).doubleNonceCount, 0)
  })

  it('finds the other transaction of a nonce in a block, where it was not heard', () => {
    const reader = new Reader().hear(transferOf(1, 1, 2))
    assert.equal(reader.final(1, { transactions: [transferOf(1, 1, 3)] }).of(1).doubleNonceCount, 1)
  })

  it('counts transactions that no block had use for', () => {
    const reader = new Reader()
    for (const nonce of [1, 2, 3]) reader.hear(transferOf(1, nonce, 2))
    assert.equal(reader.of(1).unusedCount, 3)
    assert.equal(reader.final(1, { transactions: [transferOf(1, 2, 2)] }).of(1).unusedCount, 2)
  })

  it('counts votes of others that are long past against who sends them', () => {
    const reader = new Reader()
    const place = { epoch: 1, view: 1, block: blockAt(1) }
    const old = signed({ kind: 'notarize', author: agentAt(2), ...place })
    for (let height = 1; height <= 8; height += 1) reader.final(height)
    assert.equal(reader.hear(old, 'ignore', agentAt(1)).of(1).staleCount, 0)
    reader.final(9).hear(old, 'ignore', agentAt(1)).hear(old, 'ignore', agentAt(2))
    assert.deepEqual([reader.of(1).staleCount, reader.of(2).staleCount], [1, 0])
    for (let height = 10; height <= 80; height += 1) reader.final(height)
    assert.equal(reader.hear(old, 'ignore', agentAt(1)).of(1).staleCount, 1, 'forgotten in time')
  })
})

describe('of votes a book', () => {
  it('counts blocks in a row without one, two blocks later', () => {
    const reader = new Reader()
    for (const height of [1, 2, 3]) reader.vote(height, [1, 2, 3]).final(height)
    assert.equal(reader.of(4).unvotedCount, 1)
    for (const height of [4, 5]) reader.vote(height, [1, 2, 3]).final(height)
    assert.deepEqual([reader.of(4).unvotedCount, reader.of(3).unvotedCount], [3, 0])
  })

  it('begins again with a vote, also one that only a certificate shows', () => {
    const reader = new Reader()
    for (const height of [1, 2, 3, 4]) reader.vote(height, [1, 2, 3]).final(height)
    reader.vote(5, [1, 2, 3]).final(5)
    assert.equal(reader.of(4).unvotedCount, 3)
    const shown = { ...certificateOf('notarize', 5, [1, 2, 3, 4]), block: blockAt(5) }
    reader.vote(6, [1, 2, 3]).final(6, { ancestry: [shown] })
    reader.vote(7, [1, 2, 3, 4]).final(7)
    assert.equal(reader.of(4).unvotedCount, 0)
  })

  it('says nothing of blocks that it did not follow: who catches up has heard nobody', () => {
    const reader = new Reader()
    for (let height = 1; height <= 20; height += 1) reader.vote(height, [1, 2]).final(height)
    for (const seat of [1, 2, 3, 4]) assert.equal(reader.of(seat).unvotedCount, 0)
  })

  it('tells who is away from who is heard otherwise, and what was said before or after is no sign', () => {
    const reader = new Reader().hear(transferOf(4, 1, 2))
    for (const height of [1, 2, 3, 4, 5]) reader.vote(height, [1, 2, 3]).final(height)
    assert.equal(reader.of(4).spokenCount, 1, 'said before the first of these blocks')
    reader.hear(transferOf(4, 2, 2))
    assert.equal(reader.of(4).spokenCount, 1, 'height 5 is not judged yet')
    for (const height of [6, 7]) reader.vote(height, [1, 2, 3]).final(height)
    assert.equal(reader.of(4).spokenCount, 2)
  })
})

describe('of leaders a book', () => {
  const lost = leaderOf(schedule, 1) === agentAt(0) ? 2 : 1
  const leader = seatOf(leaderOf(schedule, lost))
  const others = NODES.filter((seat) => seat !== leader).slice(0, 3)

  it('counts a view without a block against a leader that took part in it', () => {
    const ancestry = [certificateOf('nullify', lost, [leader, ...others])]
    const { ledCount, lostCount } = new Reader().final(1, { view: lost + 1, ancestry }).of(leader)
    assert.ok(lostCount === 1 && ledCount >= 1)
  })

  it('does not count it against one that was away', () => {
    const ancestry = [certificateOf('nullify', lost, others)]
    assert.equal(new Reader().final(1, { view: lost + 1, ancestry }).of(leader).lostCount, 0)
  })
})
