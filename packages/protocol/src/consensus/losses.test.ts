import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cid } from '../codec/cid.ts'
import { present } from '../invariant.ts'
import type { Block, Certificate } from '../message/consensus.ts'
import { seal } from '../message/envelope.ts'
import { leaderOf } from './leader.ts'
import { onChain, onVote } from './simplex.ts'
import {
  blockOf,
  certificateOf,
  finalize,
  notarize,
  nullify,
  OTHERS,
  parentOf,
  proposalOf,
  SCHEDULE,
  SELF,
  SET,
  Subject,
  voteOf,
} from './subject.test.ts'
import { agentAt, NETWORK, PARAMETERS, toySigner } from './toy-world.test.ts'

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

const syncs = (subject: Subject): number =>
  subject.effects.filter(({ kind }) => kind === 'sync').length

test('[CON-16] messages of a later epoch make us ask for final blocks, of the next one after a delta', () => {
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

test('[CON-9] a proposal on a parent that is not here is kept until it comes', () => {
  const parent = blockOf(0)
  const ancestry = [certificateOf(notarize(0, parent.id))]
  const subject = new Subject().propose(
    proposalOf(blockOf(1, { parent: parentOf(parent), ancestry })),
  )
  assert.equal(subject.refusal, 'unknown-parent')
  const { id: _, ...body } = parent
  subject.block(body).tick(PARAMETERS.blockIntervalMs)
  assert.ok(subject.said().includes('notarize/1'))
})

test('[CON-9] a justification comes with an earlier block, and only then', () => {
  const block = blockOf(0)
  const justification = [certificateOf(notarize(0, block.id))]
  assert.equal(
    new Subject().propose(proposalOf(block, { view: 0, justification })).refusal,
    'wrong-justification',
  )
  const end = blockOf(0, { isEnd: true })
  assert.equal(
    new Subject(1).propose(proposalOf(end, { view: 1, justification: [] })).refusal,
    'wrong-justification',
  )
})

test('[CON-15] votes and certificates of views long past are not counted', () => {
  const subject = new Subject().certify(certificateOf(nullify(40)))
  subject.vote(OTHERS[0] ?? 0, nullify(24))
  assert.equal(subject.refusal, 'old-view')
  subject.vote(OTHERS[0] ?? 0, nullify(25))
  assert.equal(subject.refusal, null)
})

test('[CON-5] a certificate that is held, or of another epoch, is ignored', () => {
  const subject = new Subject().certify(certificateOf(nullify(0)))
  assert.equal(subject.certify(certificateOf(nullify(0))).refusal, 'duplicate')
  assert.equal(subject.certify(certificateOf({ ...nullify(0), epoch: 0 })).refusal, 'old-epoch')
  assert.equal(subject.certify(certificateOf({ ...nullify(0), epoch: 2 })).refusal, 'future-epoch')
  assert.equal(subject.simplex.view, 1)
})

/** What a fresh validator says to a chain. */
function refusalOf(blocks: readonly Block[], certificate: Certificate): string | null {
  const { simplex, context } = new Subject()
  const step = onChain(simplex, context, { blocks, certificate }, 0)
  assert.equal(step.simplex.final.height, step.refusal === null ? blocks.length : 0)
  return step.refusal?.code ?? null
}

test('[CON-16] a chain is taken with the finalize quorum on its last block, and not without', () => {
  const { id: first, ...a } = blockOf(0)
  const b = blockOf(1, {
    parent: { id: first, height: 1 },
    ancestry: [certificateOf(notarize(0, first))],
  })
  const { id: last, ...second } = b
  const proof = certificateOf(finalize(1, last))
  assert.equal(refusalOf([a, second], proof), null)
  assert.equal(refusalOf([], proof), 'chain-stale')
  assert.equal(refusalOf([second], proof), 'chain-detached')
  assert.equal(refusalOf([a, a], proof), 'chain-unlinked')
  assert.equal(refusalOf([a], proof), 'chain-uncertified')
  assert.equal(refusalOf([a, second], certificateOf(notarize(1, last))), 'chain-uncertified')
  assert.equal(
    refusalOf([a, second], certificateOf(finalize(1, last), OTHERS.slice(1))),
    'certificate-no-quorum',
  )
  assert.equal(refusalOf([{ ...a, transactions: [] }, second], proof), 'body-mismatch')
})

test('[CON-16] a chain whose state is not what its header says is refused', () => {
  const { id, ...bad } = blockOf(0, { stateCount: 9 })
  const { simplex, context } = new Subject()
  const chain = { blocks: [bad], certificate: certificateOf(finalize(0, id)) }
  const step = onChain(simplex, context, chain, 0)
  assert.equal(step.refusal?.code, 'invalid-block')
  assert.equal(step.simplex.final.height, 0)
})

test('[CON-16] a chain that ends an epoch leads into the next', () => {
  const { id, ...end } = blockOf(0, { isEnd: true })
  const { simplex, context } = new Subject(1)
  const step = onChain(
    simplex,
    context,
    { blocks: [end], certificate: certificateOf(finalize(0, id)) },
    0,
  )
  assert.equal(step.simplex.epoch, 2)
  assert.equal(step.simplex.root, id)
})

test('[CON-15] proposals of far views without bodies do not crowd out the fetching of others', () => {
  const subject = new Subject()
  for (let view = 3; view <= PARAMETERS.viewGapMax; view++) {
    for (const fill of [0, 1]) {
      if (leaderOf(SCHEDULE, view) === agentAt(SELF)) continue
      subject.propose(proposalOf(blockOf(view, { fill }), null, false))
    }
  }
  assert.equal(subject.simplex.wanted.size, 0)
  const block = blockOf(0)
  subject.certify(certificateOf(notarize(0, block.id)))
  assert.deepEqual([...subject.simplex.wanted.keys()], [block.id])
})
