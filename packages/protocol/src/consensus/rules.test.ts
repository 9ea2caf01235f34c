import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cid } from '../codec/cid.ts'
import { present } from '../invariant.ts'
import type { Block, Certificate, Proposal, Vote } from '../message/consensus.ts'
import { open, seal, type Verified } from '../message/envelope.ts'
import { ancestryDigestOf, blockIdOf, transactionsDigestOf } from './block.ts'
import { type Ballot, createCertificate, createVote } from './certificate.ts'
import type { ConsensusEffect, ConsensusRecord } from './effect.ts'
import { createSchedule, leaderOf } from './leader.ts'
import { restore } from './restore.ts'
import {
  createSimplex,
  nextDeadlineMs,
  onBlock,
  onCertificate,
  onProposal,
  onTick,
  onVote,
  type SimplexStep,
} from './simplex.ts'
import type { ConsensusContext, Simplex } from './state.ts'
import {
  agentAt,
  type Counter,
  createCounter,
  digestOfCount,
  NETWORK,
  PARAMETERS,
  SEED,
  setOf,
  toySigner,
  toyVerify,
} from './toy-world.test.ts'
import { checkValidatorSet } from './validators.ts'

const SET = setOf([0, 1, 2, 3])
const ELECTORATE = (() => {
  const checked = checkValidatorSet(SET)
  assert.ok(checked.ok)
  return checked.value
})()
const SCHEDULE = createSchedule(ELECTORATE, SEED)
/** The one that is tested leads none of the first views. */
const SELF = present(
  [0, 1, 2, 3].find((index) =>
    [0, 1, 2].every((view) => leaderOf(SCHEDULE, view) !== agentAt(index)),
  ),
  'three views have three leaders',
)
const OTHERS = [0, 1, 2, 3].filter((index) => index !== SELF)
const ROOT = { id: NETWORK, height: 0, state: { count: 0 }, seenAtMs: -1_000, certificate: null }
const START = { epoch: 1, set: SET, seed: SEED, root: ROOT }

/** One validator, told things by hand. */
class Subject {
  readonly context: ConsensusContext<Counter>
  readonly effects: ConsensusEffect<Counter>[] = []
  simplex: Simplex<Counter>
  refusal: string | null = null
  nowMs = 0

  constructor(epochBlocks = 1_000, records: readonly ConsensusRecord[] | null = null) {
    const agent = agentAt(SELF)
    this.context = {
      self: agent,
      signer: toySigner(agent),
      networkId: NETWORK,
      verify: toyVerify,
      application: createCounter(epochBlocks, () => SET),
      parameters: PARAMETERS,
    }
    const final = { ...ROOT, view: null }
    const started =
      records === null
        ? createSimplex(this.context, START, 0)
        : restore(this.context, { ...START, root: NETWORK, final, records }, 0)
    this.simplex = started.simplex
    this.effects.push(...started.effects)
  }

  take(step: SimplexStep<Counter>): this {
    this.simplex = step.simplex
    this.refusal = step.refusal?.code ?? null
    this.effects.push(...step.effects)
    return this
  }

  propose(proposal: Verified<Proposal>): this {
    return this.take(onProposal(this.simplex, this.context, proposal, this.nowMs))
  }

  vote(index: number, ballot: Ballot): this {
    return this.take(onVote(this.simplex, this.context, voteOf(index, ballot), this.nowMs))
  }

  certify(certificate: Certificate): this {
    return this.take(onCertificate(this.simplex, this.context, certificate, this.nowMs))
  }

  block(block: Block): this {
    return this.take(onBlock(this.simplex, this.context, block, this.nowMs))
  }

  tick(nowMs: number): this {
    this.nowMs = nowMs
    return this.take(onTick(this.simplex, this.context, nowMs))
  }

  kindOf(envelope: Uint8Array): string {
    const opened = open(envelope, this.context)
    assert.ok(opened.ok)
    return opened.value.message.kind
  }

  /** What it signed, in order: `kind/view`, votes and proposals. */
  said(): readonly string[] {
    return this.effects.flatMap((effect) => {
      if (effect.kind !== 'publish') return []
      const opened = open(effect.envelope, this.context)
      assert.ok(opened.ok)
      const { message } = opened.value
      return 'view' in message ? [`${message.kind}/${message.view}`] : []
    })
  }

  journal(): readonly ConsensusRecord[] {
    return this.effects.flatMap((effect) => (effect.kind === 'persist' ? effect.records : []))
  }
}

function voteOf(index: number, ballot: Ballot): Verified<Vote> {
  return seal(createVote(ballot, agentAt(index)), NETWORK, toySigner(agentAt(index)))
}

function certificateOf(ballot: Ballot, indices: readonly number[] = OTHERS): Certificate {
  const signatures = new Map(
    indices.map((index) => [agentAt(index), voteOf(index, ballot).signature] as const),
  )
  return createCertificate(ballot, signatures, ELECTORATE)
}

const nullify = (view: number): Ballot => ({ kind: 'nullify', epoch: 1, view, block: null })
const notarize = (view: number, block: Cid): Ballot => ({ kind: 'notarize', epoch: 1, view, block })
const finalize = (view: number, block: Cid): Ballot => ({ kind: 'finalize', epoch: 1, view, block })

interface BlockOptions {
  readonly parent?: { readonly id: Cid; readonly height: number }
  readonly ancestry?: readonly Certificate[]
  readonly fill?: number
  readonly isEnd?: boolean
  readonly stateCount?: number
}

/** A block of the view's leader, on the root unless said otherwise. */
function blockOf(view: number, options: BlockOptions = {}): Block & { readonly id: Cid } {
  const parent = options.parent ?? { id: NETWORK, height: 0 }
  const ancestry =
    options.ancestry ?? Array.from({ length: view }, (_, gap) => certificateOf(nullify(gap)))
  const transactions = [new Uint8Array(4).fill(options.fill ?? 0)]
  const height = parent.height + 1
  const header = {
    epoch: 1,
    height,
    view,
    parent: parent.id,
    proposer: leaderOf(SCHEDULE, view),
    transactionsDigest: transactionsDigestOf(transactions),
    stateDigest: digestOfCount(options.stateCount ?? height),
    ancestryDigest: ancestryDigestOf(ancestry),
    nextSet: options.isEnd === true ? SET : null,
  }
  return { header, transactions, ancestry, id: blockIdOf(header) }
}

function proposalOf(
  { header, transactions, ancestry }: Block,
  again: { readonly view: number; readonly justification: readonly Certificate[] } | null = null,
  isWhole = true,
): Verified<Proposal> {
  const view = again?.view ?? header.view
  const author = leaderOf(SCHEDULE, view)
  const proposal: Proposal = {
    ...{ kind: 'proposal', author, epoch: 1, view, header },
    body: isWhole ? { transactions, ancestry } : null,
    justification: again?.justification ?? [],
  }
  return seal(proposal, NETWORK, toySigner(author))
}

const heightOf = ({ header }: Block): number => header.height
const parentOf = (block: Block & { readonly id: Cid }) => ({
  id: block.id,
  height: heightOf(block),
})

test('[CON-8] the first valid proposal of the leader gets a notarize vote', () => {
  const subject = new Subject().propose(proposalOf(blockOf(0)))
  assert.deepEqual(subject.said(), ['notarize/0'])
})

test('[CON-N] of two valid proposals of one view only the first gets a vote', () => {
  const subject = new Subject()
    .propose(proposalOf(blockOf(0)))
    .propose(proposalOf(blockOf(0, { fill: 1 })))
  assert.equal(subject.refusal, null)
  assert.deepEqual(subject.said(), ['notarize/0'])
  subject.propose(proposalOf(blockOf(0, { fill: 2 })))
  assert.equal(subject.refusal, 'too-many-proposals')
})

test('[CON-N] after an invalid proposal a valid one still gets a vote', () => {
  const subject = new Subject().propose(proposalOf(blockOf(0, { stateCount: 7 })))
  assert.equal(subject.refusal, 'invalid-block')
  subject.propose(proposalOf(blockOf(0)))
  assert.deepEqual(subject.said(), ['nullify/0', 'notarize/0'])
})

test('[CON-F] nothing is finalized before its notarization, and then once', () => {
  const block = blockOf(0)
  const subject = new Subject().propose(proposalOf(block))
  subject.vote(OTHERS[0] ?? 0, notarize(0, block.id))
  assert.deepEqual(subject.said(), ['notarize/0'])
  subject.vote(OTHERS[1] ?? 0, notarize(0, block.id))
  assert.deepEqual(subject.said(), ['notarize/0', 'finalize/0'])
  subject.vote(OTHERS[2] ?? 0, notarize(0, block.id))
  assert.deepEqual(subject.said(), ['notarize/0', 'finalize/0'])
})

test('[CON-X] who nullified does not finalize', () => {
  const block = blockOf(0)
  const subject = new Subject().tick(2 * PARAMETERS.deltaMs)
  assert.deepEqual(subject.said(), ['nullify/0'])
  subject.certify(certificateOf(notarize(0, block.id)))
  assert.equal(subject.simplex.view, 1)
  assert.deepEqual(subject.said(), ['nullify/0'])
})

test('[CON-X] who finalized does not nullify, whatever time passes', () => {
  const block = blockOf(0)
  const subject = new Subject()
    .propose(proposalOf(block))
    .certify(certificateOf(notarize(0, block.id)))
  subject.tick(60_000)
  assert.deepEqual(
    subject.said().filter((text) => text.endsWith('/0')),
    ['notarize/0', 'finalize/0'],
  )
})

test('[CON-8] who nullified may still notarize, so that the view may end either way', () => {
  const subject = new Subject().tick(2 * PARAMETERS.deltaMs).propose(proposalOf(blockOf(0)))
  assert.deepEqual(subject.said(), ['nullify/0', 'notarize/0'])
})

test('[CON-A] a proposal whose ancestry lacks a nullification is refused and nullified', () => {
  const subject = new Subject().certify(certificateOf(nullify(0)))
  subject.propose(proposalOf(blockOf(1, { ancestry: [] })))
  assert.equal(subject.refusal, 'wrong-ancestry')
  assert.deepEqual(subject.said(), ['nullify/1'])
})

test('[CON-A] a proposal whose ancestry has a forged signature is refused and nullified', () => {
  const good = certificateOf(nullify(0))
  const signatures = good.signatures.map((signature, index) =>
    index === 1 ? signature.map((byte) => byte ^ 1) : signature,
  )
  const subject = new Subject().certify(good)
  subject.propose(proposalOf(blockOf(1, { ancestry: [{ ...good, signatures }] })))
  assert.equal(subject.refusal, 'certificate-bad-signature')
  assert.deepEqual(subject.said(), ['nullify/1'])
})

test('[CON-A] a proposal on a parent that was not notarized is refused', () => {
  const parent = blockOf(0)
  const subject = new Subject().propose(proposalOf(parent)).certify(certificateOf(nullify(0)))
  const child = blockOf(1, { parent: parentOf(parent), ancestry: [certificateOf(nullify(0))] })
  subject.propose(proposalOf(child))
  assert.equal(subject.refusal, 'wrong-ancestry')
  assert.deepEqual(subject.said(), ['notarize/0', 'nullify/1'])
})

test('[CON-A] a proposal that skips a notarized view without its nullification is refused', () => {
  const parent = blockOf(0)
  const subject = new Subject()
    .propose(proposalOf(parent))
    .certify(certificateOf(notarize(0, parent.id)))
  subject.propose(proposalOf(blockOf(1, { ancestry: [] })))
  assert.equal(subject.refusal, 'wrong-ancestry')
  assert.ok(!subject.said().includes('notarize/1'))
})

test('[CON-9] a proposal of a later view brings its certificates, and with them us into its view', () => {
  const subject = new Subject().propose(proposalOf(blockOf(2)))
  assert.equal(subject.refusal, null)
  assert.equal(subject.simplex.view, 2)
  assert.deepEqual(subject.said(), ['notarize/2'])
})

test('[CON-7] a vote waits until the parent is a block interval old, and the timers with it', () => {
  const parent = blockOf(0)
  const subject = new Subject()
    .propose(proposalOf(parent))
    .certify(certificateOf(notarize(0, parent.id)))
  const ancestry = [certificateOf(notarize(0, parent.id))]
  subject.propose(proposalOf(blockOf(1, { parent: parentOf(parent), ancestry })))
  assert.equal(subject.refusal, null)
  assert.ok(!subject.said().includes('notarize/1'))
  assert.equal(nextDeadlineMs(subject.simplex), PARAMETERS.blockIntervalMs)
  subject.tick(PARAMETERS.blockIntervalMs - 1)
  assert.ok(!subject.said().includes('notarize/1'))
  subject.tick(PARAMETERS.blockIntervalMs)
  assert.ok(subject.said().includes('notarize/1'))
})

test('[CON-7] the leader has two deltas, the view three', () => {
  const { deltaMs } = PARAMETERS
  const silent = new Subject().tick(2 * deltaMs - 1)
  assert.deepEqual(silent.said(), [])
  assert.equal(nextDeadlineMs(silent.simplex), 2 * deltaMs)
  assert.deepEqual(silent.tick(2 * deltaMs).said(), ['nullify/0'])
  const proposed = new Subject().propose(proposalOf(blockOf(0))).tick(3 * deltaMs - 1)
  assert.deepEqual(proposed.said(), ['notarize/0'])
  assert.deepEqual(proposed.tick(3 * deltaMs).said(), ['notarize/0', 'nullify/0'])
})

test('[CON-7] timers double once eight views brought no block', () => {
  const { deltaMs } = PARAMETERS
  const seven = new Subject().certify(certificateOf(nullify(6)))
  assert.equal(seven.tick(2 * deltaMs).said().length, 1)
  const eight = new Subject().certify(certificateOf(nullify(7)))
  assert.deepEqual(
    eight
      .tick(4 * deltaMs - 1)
      .said()
      .filter((text) => text === 'nullify/8'),
    [],
  )
  assert.ok(
    eight
      .tick(4 * deltaMs)
      .said()
      .includes('nullify/8'),
  )
})

test('[CON-ROOT] a notarized last block does not start the next epoch, a finalized one does', () => {
  const end = blockOf(0, { isEnd: true })
  const subject = new Subject(1)
    .propose(proposalOf(end))
    .certify(certificateOf(notarize(0, end.id)))
  assert.equal(subject.simplex.epoch, 1)
  assert.equal(subject.simplex.view, 1)
  subject.certify(certificateOf(finalize(0, end.id)))
  assert.equal(subject.simplex.epoch, 2)
  assert.equal(subject.simplex.view, 0)
  assert.equal(subject.simplex.root, end.id)
})

test('[CON-12] the last block, proposed again with its justification, gets a vote in the new view', () => {
  const end = blockOf(0, { isEnd: true })
  const subject = new Subject(1).propose(proposalOf(end)).certify(certificateOf(nullify(0)))
  const justification = [certificateOf(notarize(0, end.id))]
  subject.propose(proposalOf(end, { view: 1, justification }))
  assert.equal(subject.refusal, null)
  assert.deepEqual(subject.said(), ['notarize/0', 'notarize/1', 'finalize/0'])
  const kept = subject
    .journal()
    .some((entry) => entry.kind === 'certificate' && entry.certificate.kind === 'notarize')
  assert.ok(kept, 'the justification is not on disk')
  subject.certify(certificateOf(finalize(1, end.id)))
  assert.equal(subject.simplex.epoch, 2)
})

test('[CON-12] the last block, proposed again without its notarization, is refused', () => {
  const end = blockOf(0, { isEnd: true })
  const subject = new Subject(1).propose(proposalOf(end)).certify(certificateOf(nullify(0)))
  subject.propose(proposalOf(end, { view: 1, justification: [certificateOf(nullify(0))] }))
  assert.equal(subject.refusal, 'wrong-ancestry')
  assert.ok(!subject.said().includes('notarize/1'))
})

test('[CON-12] a block that does not end the epoch is not proposed again', () => {
  const block = blockOf(0)
  const subject = new Subject().propose(proposalOf(block)).certify(certificateOf(nullify(0)))
  const justification = [certificateOf(notarize(0, block.id))]
  subject.propose(proposalOf(block, { view: 1, justification }))
  assert.equal(subject.refusal, 'wrong-header')
})

test('[CON-12] a child of the last block is invalid within its epoch', () => {
  const end = blockOf(0, { isEnd: true })
  const ancestry = [certificateOf(notarize(0, end.id))]
  const child = blockOf(1, { parent: parentOf(end), ancestry, isEnd: true })
  const subject = new Subject(1).propose(proposalOf(end)).tick(1_000).propose(proposalOf(child))
  assert.equal(subject.refusal, 'invalid-block')
})

test('[CON-12] finalize votes on the last block are sent again each retry until it is final', () => {
  const end = blockOf(0, { isEnd: true })
  const subject = new Subject(1)
    .propose(proposalOf(end))
    .certify(certificateOf(notarize(0, end.id)))
  const countSent = () => subject.effects.filter(({ kind }) => kind === 'send').length
  for (const round of [1, 2, 3]) {
    const before = countSent()
    subject.tick(round * PARAMETERS.retryMs)
    assert.ok(countSent() > before)
  }
})

test('[CON-10] a finalize quorum makes the ancestors final too, oldest first, however late', () => {
  const first = blockOf(0)
  const second = blockOf(1, {
    parent: parentOf(first),
    ancestry: [certificateOf(notarize(0, first.id))],
  })
  const third = blockOf(2, {
    parent: parentOf(second),
    ancestry: [certificateOf(notarize(1, second.id))],
  })
  const subject = new Subject()
  for (const block of [first, second, third])
    subject.propose(proposalOf(block)).tick(subject.nowMs + 200)
  subject.certify(certificateOf(nullify(5)))
  subject.certify(certificateOf(finalize(2, third.id)))
  const finals = subject.effects.flatMap((effect) => (effect.kind === 'final' ? effect.blocks : []))
  assert.deepEqual(
    finals.map(({ id }) => id),
    [first.id, second.id, third.id],
  )
  assert.deepEqual(
    finals.map(({ post }) => post.count),
    [1, 2, 3],
  )
})

test('[CON-10] two thirds of the stake are not a quorum, more than two thirds are', () => {
  const block = blockOf(0)
  const subject = new Subject().propose(proposalOf(block))
  subject.certify(certificateOf(finalize(0, block.id), OTHERS.slice(0, 2)))
  assert.equal(subject.refusal, 'certificate-no-quorum')
  subject.certify(certificateOf(finalize(0, block.id), OTHERS))
  assert.equal(subject.simplex.final.id, block.id)
})

test('[CON-14] a body that did not come with its proposal is fetched, then voted for', () => {
  const block = blockOf(0)
  const subject = new Subject().propose(proposalOf(block, null, false))
  const fetch = subject.effects.find(({ kind }) => kind === 'fetch-block')
  assert.deepEqual(fetch, { kind: 'fetch-block', id: block.id, from: leaderOf(SCHEDULE, 0) })
  subject.block({ ...block, transactions: [] })
  assert.equal(subject.refusal, 'body-mismatch')
  assert.deepEqual(subject.said(), [])
  const { id: _, ...body } = block
  subject.block(body)
  assert.deepEqual(subject.said(), ['notarize/0'])
  assert.equal(subject.block(body).refusal, 'unasked-block')
})

test('[CON-14] a body that does not come is asked for again, from another', () => {
  const block = blockOf(0)
  const subject = new Subject().certify(certificateOf(notarize(0, block.id)))
  const asked = () =>
    subject.effects.flatMap((effect) => (effect.kind === 'fetch-block' ? [effect.from] : []))
  for (const round of [1, 2, 3]) subject.tick(round * PARAMETERS.retryMs)
  assert.equal(asked().length, 4)
  assert.equal(new Set(asked()).size, 4)
})

test('[CON-13] who votes again in a view that is over is answered with what ended it, at a bounded rate', () => {
  const index = OTHERS[0] ?? 0
  const subject = new Subject().vote(index, nullify(0)).certify(certificateOf(nullify(0)))
  const answers = () =>
    subject.effects.filter((effect) => effect.kind === 'send' && effect.to === agentAt(index))
  subject.vote(index, nullify(0))
  assert.equal(subject.refusal, 'duplicate')
  assert.equal(answers().length, 1)
  subject.vote(index, nullify(0))
  assert.equal(answers().length, 1)
  subject.tick(PARAMETERS.retryMs).vote(index, nullify(0))
  assert.equal(answers().length, 2)
})

test('[CON-13] who is in an epoch that is over is answered with the finalize quorum on its last block', () => {
  const end = blockOf(0, { isEnd: true })
  const proof = certificateOf(finalize(0, end.id))
  const subject = new Subject(1).propose(proposalOf(end)).certify(proof)
  subject.vote(OTHERS[0] ?? 0, finalize(0, end.id))
  assert.equal(subject.refusal, 'old-epoch')
  assert.deepEqual(subject.effects.at(-1), {
    kind: 'send',
    to: agentAt(OTHERS[0] ?? 0),
    frame: { kind: 'certificate', certificate: proof },
  })
})

test('[CON-13] a retry says again what was said in the view, with the certificate that led there', () => {
  const subject = new Subject().certify(certificateOf(nullify(0)))
  subject.tick(500)
  assert.deepEqual(subject.said(), ['nullify/1'])
  const sent = () =>
    subject.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.frame.kind] : []))
  subject.tick(PARAMETERS.retryMs)
  assert.deepEqual(sent(), ['certificate', 'envelope'])
  subject.tick(2 * PARAMETERS.retryMs)
  assert.equal(sent().length, 4)
  subject.tick(4 * PARAMETERS.retryMs - 1)
  assert.equal(sent().length, 4)
  subject.tick(4 * PARAMETERS.retryMs)
  assert.equal(sent().length, 6)
})

test('[CON-16] messages of a later epoch make us ask for final blocks, of the next one after a delta', () => {
  const syncs = (subject: Subject) => subject.effects.filter(({ kind }) => kind === 'sync').length
  const next = new Subject().vote(OTHERS[0] ?? 0, { ...nullify(0), epoch: 2 })
  assert.equal(next.refusal, 'future-epoch')
  assert.equal(syncs(next), 0)
  assert.equal(syncs(next.tick(PARAMETERS.deltaMs)), 1)
  const later = new Subject().vote(OTHERS[0] ?? 0, { ...nullify(0), epoch: 3 })
  assert.equal(syncs(later), 1)
  assert.equal(syncs(later.vote(OTHERS[1] ?? 0, { ...nullify(0), epoch: 3 })), 1)
})

test('[CON-15] messages of the next epoch that come early are taken when it starts', () => {
  const end = blockOf(0, { isEnd: true })
  const subject = new Subject(1).propose(proposalOf(end))
  for (const index of OTHERS) subject.vote(index, { ...nullify(0), epoch: 2 })
  subject.certify(certificateOf(finalize(0, end.id)))
  assert.equal(subject.simplex.epoch, 2)
  assert.equal(subject.simplex.view, 1)
})

test('[CON-15] votes too far ahead are not kept', () => {
  const subject = new Subject().vote(OTHERS[0] ?? 0, nullify(PARAMETERS.viewGapMax))
  assert.equal(subject.refusal, null)
  subject.vote(OTHERS[0] ?? 0, nullify(PARAMETERS.viewGapMax + 1))
  assert.equal(subject.refusal, 'too-far-ahead')
})

test('[CON-15] a flood of contradicting votes and proposals keeps a bounded state', () => {
  const subject = new Subject()
  const ids = Array.from({ length: 20 }, (_, fill) => blockOf(0, { fill }).id)
  for (const id of ids) subject.vote(OTHERS[0] ?? 0, notarize(3, id))
  assert.equal(subject.refusal, 'contradicts-own-vote')
  assert.equal(subject.simplex.rounds.get(3)?.piles.size, 2)
  for (let fill = 0; fill < 20; fill++) subject.propose(proposalOf(blockOf(0, { fill })))
  assert.equal(subject.simplex.blocks.size, 2)
})

test('[CON-15] what is behind the last final block is forgotten', () => {
  const subject = new Subject()
  let parent: { readonly id: Cid; readonly height: number } = { id: NETWORK, height: 0 }
  let notarization: Certificate | null = null
  for (let view = 0; view < 40; view++) {
    const ancestry: readonly Certificate[] = notarization === null ? [] : [notarization]
    const block = blockOf(view, { parent, ancestry })
    subject.tick(view * 200)
    if (leaderOf(SCHEDULE, view) !== agentAt(SELF)) {
      subject.propose(proposalOf(block))
      notarization = certificateOf(notarize(view, block.id))
      subject.certify(notarization).certify(certificateOf(finalize(view, block.id)))
      parent = parentOf(block)
    } else {
      const own = present(subject.simplex.rounds.get(view)?.offers[0], 'the leader proposed')
      notarization = certificateOf(notarize(view, own.id))
      subject.certify(notarization).certify(certificateOf(finalize(view, own.id)))
      parent = { id: own.id, height: own.header.height }
    }
  }
  assert.equal(subject.simplex.final.height, 40)
  assert.equal(subject.simplex.blocks.size, 0)
  assert.ok(subject.simplex.rounds.size <= 12)
  assert.ok(subject.simplex.seenAtMs.size <= 2)
})

test('[CON-11] a vote that contradicts one inside a certificate is evidence', () => {
  const block = blockOf(0)
  const index = OTHERS[0] ?? 0
  const subject = new Subject()
    .certify(certificateOf(nullify(0)))
    .vote(index, finalize(0, block.id))
  const found = subject.effects.flatMap((effect) =>
    effect.kind === 'evidence' ? [effect.evidence] : [],
  )
  assert.equal(found.length, 1)
  assert.deepEqual(found[0]?.first.envelope, voteOf(index, nullify(0)).envelope)
  assert.deepEqual(found[0]?.second.envelope, voteOf(index, finalize(0, block.id)).envelope)
})

test('[CON-17] a restart from the journal keeps the view and every vote', () => {
  const block = blockOf(0)
  const child = blockOf(1, {
    parent: parentOf(block),
    ancestry: [certificateOf(notarize(0, block.id))],
  })
  const subject = new Subject().propose(proposalOf(block))
  subject
    .certify(certificateOf(notarize(0, block.id)))
    .tick(200)
    .propose(proposalOf(child))
  assert.deepEqual(subject.said(), ['notarize/0', 'finalize/0', 'notarize/1'])
  const again = new Subject(1_000, subject.journal())
  assert.equal(again.simplex.view, 1)
  again.nowMs = 300
  const other = blockOf(1, { parent: parentOf(block), ancestry: child.ancestry, fill: 9 })
  again.propose(proposalOf(other)).tick(500)
  assert.ok(!again.said().includes('notarize/1'))
  const own = again.simplex.rounds.get(1)?.own
  const before = subject.simplex.rounds.get(1)?.own
  assert.deepEqual(own?.notarize?.envelope, before?.notarize?.envelope)
})

test('[CON-17] a restart says at once what may not have reached the wire', () => {
  const subject = new Subject().tick(2 * PARAMETERS.deltaMs)
  assert.deepEqual(subject.said(), ['nullify/0'])
  const again = new Subject(1_000, subject.journal())
  const frames = again.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.frame] : []))
  assert.deepEqual(frames, [{ kind: 'envelope', envelope: voteOf(SELF, nullify(0)).envelope }])
})

test('[CON-17] a journal cut anywhere gives a state that contradicts nothing in it', () => {
  const block = blockOf(0)
  const subject = new Subject().tick(2 * PARAMETERS.deltaMs).propose(proposalOf(block))
  const records = subject.journal()
  for (let length = 0; length <= records.length; length++) {
    const again = new Subject(1_000, records.slice(0, length))
    again.certify(certificateOf(notarize(0, block.id)))
    const isNullified = records
      .slice(0, length)
      .some((entry) => entry.kind === 'signed' && again.kindOf(entry.envelope) === 'nullify')
    assert.equal(again.said().includes('finalize/0'), !isNullified)
  }
})

test('a vote by a stranger, a proposal by another than the leader, are rejected', () => {
  const subject = new Subject()
  subject.take(onVote(subject.simplex, subject.context, voteOf(7, nullify(0)), 0))
  assert.equal(subject.refusal, 'not-validator')
  const { message } = proposalOf(blockOf(0))
  const author = present(
    SET.find(({ agent }) => agent !== message.author)?.agent,
    'four validators',
  )
  subject.propose(seal({ ...message, author }, NETWORK, toySigner(author)))
  assert.equal(subject.refusal, 'wrong-leader')
})
