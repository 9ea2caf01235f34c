import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areEqualBytes } from './certificate.ts'
import { nextDeadlineMs } from './simplex.ts'
import {
  blockOf,
  certificateOf,
  finalize,
  notarize,
  nullify,
  OTHERS,
  parentOf,
  proposalOf,
  Subject,
  voteOf,
} from './subject.test.ts'
import { agentAt, PARAMETERS } from './toy-world.test.ts'

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

test('[CON-19] who gives up a view passes on the vote that its leader cast in it, as it came, once', () => {
  const block = blockOf(0)
  const leader = OTHERS.find((index) => agentAt(index) === block.header.proposer) ?? 0
  const vote = voteOf(leader, notarize(0, block.id))
  const subject = new Subject().propose(proposalOf(block)).vote(leader, notarize(0, block.id))
  subject.tick(3 * PARAMETERS.deltaMs).tick(4 * PARAMETERS.deltaMs)
  const passedOn = subject.effects.filter(
    (effect) => effect.kind === 'publish' && areEqualBytes(effect.envelope, vote.envelope),
  )
  assert.equal(passedOn.length, 1)
  assert.deepEqual(subject.said(), ['notarize/0', 'nullify/0', 'notarize/0'])
})

test('[CON-19] nothing is passed on of a view that makes a block, nor of anybody but the leader', () => {
  const block = blockOf(0)
  const leader = OTHERS.find((index) => agentAt(index) === block.header.proposer) ?? 0
  const notarized = new Subject().propose(proposalOf(block)).vote(leader, notarize(0, block.id))
  notarized.certify(certificateOf(notarize(0, block.id))).tick(PARAMETERS.deltaMs)
  assert.deepEqual(notarized.said(), ['notarize/0', 'finalize/0'])
  const silent = new Subject()
  for (const index of OTHERS.filter((other) => other !== leader)) {
    silent.vote(index, notarize(0, block.id))
  }
  silent.tick(2 * PARAMETERS.deltaMs)
  assert.deepEqual(silent.said(), ['nullify/0'])
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
