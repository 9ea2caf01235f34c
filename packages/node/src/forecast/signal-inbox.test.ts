import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, cidOf, encode, type Statement } from '@commonweal/protocol'
import { agentOf, ForecastWorld, reporting } from '@commonweal/protocol/testing'
import type { SignalFrame } from './signal-frame.ts'
import { SignalInbox } from './signal-inbox.ts'

type StatementFrame = Extract<SignalFrame, { readonly kind: 'statement' }>

const said = reporting(8_000)

function frameOf(
  world: ForecastWorld,
  name: string,
  question: Cid,
  statement: Statement,
  snapshot = 0,
): StatementFrame {
  const opening = world.openStatement(name, question, statement, snapshot)
  assert.ok(opening.kind === 'reveal-statement')
  return { ...opening, kind: 'statement' }
}

/** A world with an open question that takes seals in two snapshots. */
function open(): { readonly world: ForecastWorld; readonly question: Cid } {
  const world = new ForecastWorld()
  const openHeight = world.head.height + 2
  const question = world.ask(0, {
    snapshots: [
      { closeHeight: openHeight + 7, weightBps: 5_000 },
      { closeHeight: openHeight + 15, weightBps: 5_000 },
    ],
    resolveHeight: openHeight + 16,
  })
  world.advanceTo(openHeight - 1)
  return { world, question }
}

describe('a statement that was sent', () => {
  it('counts once its seal is in a block, in the order of the seals', () => {
    const { world, question } = open()
    const inbox = new SignalInbox()
    for (const name of ['2', '3'])
      inbox.add(agentOf(name), frameOf(world, name, question, said), world.ledger)
    assert.deepEqual(inbox.sealed(world.ledger, question, 0), [])
    world.block(['3', world.sealStatement('3', question, said)])
    world.block(['2', world.sealStatement('2', question, said)])
    assert.deepEqual(
      inbox.sealed(world.ledger, question, 0).map(({ author, order }) => [author, order]),
      [
        [agentOf(3), 0],
        [agentOf(2), 1],
      ],
    )
  })

  it('does not count where its author sealed another, sealed it for another snapshot, or is another', () => {
    const { world, question } = open()
    world.block(
      ['2', world.sealStatement('2', question, said)],
      ['3', world.sealStatement('3', question, said)],
      ['4', world.sealStatement('4', question, said)],
    )
    const inbox = new SignalInbox()
    inbox.add(agentOf(2), frameOf(world, '2', question, reporting(7_999)), world.ledger)
    inbox.add(agentOf(3), frameOf(world, '3', question, said, 1), world.ledger)
    inbox.add(agentOf(4), frameOf(world, '2', question, said), world.ledger)
    for (const snapshot of [0, 1]) {
      assert.deepEqual(inbox.sealed(world.ledger, question, snapshot), [])
    }
    inbox.add(agentOf(2), frameOf(world, '2', question, said), world.ledger)
    assert.equal(inbox.sealed(world.ledger, question, 0).length, 1, 'the true one comes later')
  })

  it('is forgotten with its question', () => {
    const { world, question } = open()
    world.block(['2', world.sealStatement('2', question, said)])
    const inbox = new SignalInbox()
    inbox.add(agentOf(2), frameOf(world, '2', question, said), world.ledger)
    inbox.forget(cidOf(encode('another')))
    assert.equal(inbox.sealed(world.ledger, question, 0).length, 1)
    inbox.forget(question)
    assert.deepEqual(inbox.sealed(world.ledger, question, 0), [])
  })
})

describe('the statements of one author', () => {
  /** Whether the first statement is still there after so many others. */
  function keepsFirstAfter(others: number, isSame = false): boolean {
    const { world, question } = open()
    world.block(
      ['2', world.sealStatement('2', question, said)],
      ['3', world.sealStatement('3', question, said)],
    )
    const inbox = new SignalInbox()
    for (const name of ['2', '3'])
      inbox.add(agentOf(name), frameOf(world, name, question, said), world.ledger)
    for (let index = 0; index < others; index += 1) {
      const other = cidOf(encode(['other', isSame ? 0 : index]))
      inbox.add(
        agentOf(2),
        { ...frameOf(world, '2', question, said), question: other },
        world.ledger,
      )
    }
    const authors = inbox.sealed(world.ledger, question, 0).map(({ author }) => author)
    assert.ok(authors.includes(agentOf(3)), 'who sends much displaces nobody else')
    return authors.includes(agentOf(2))
  }

  it('are at most 256: the oldest makes room', () => {
    assert.ok(keepsFirstAfter(255))
    assert.ok(!keepsFirstAfter(256))
  })

  it('take no room where they are closed, or not what was sealed', () => {
    const { world, question } = open()
    world.block(['2', world.sealStatement('2', question, said, 0)])
    const inbox = new SignalInbox()
    inbox.add(agentOf(2), frameOf(world, '2', question, said), world.ledger)
    const keepsFirst = (): boolean => inbox.sealed(world.ledger, question, 0).length === 1
    for (let bps = 0; bps < 300; bps += 1) {
      const other = frameOf(world, '2', question, reporting(5_000 + bps))
      inbox.add(agentOf(2), other, world.ledger)
    }
    assert.ok(keepsFirst(), 'these are not what it sealed')
    world.advanceTo(world.question(question).openHeight + 7)
    for (let bps = 0; bps < 300; bps += 1) {
      const other = frameOf(world, '3', question, reporting(5_000 + bps))
      inbox.add(agentOf(2), other, world.ledger)
    }
    assert.ok(keepsFirst(), 'the snapshot is closed')
    inbox.add(agentOf(3), frameOf(world, '3', question, said, 7), world.ledger)
  })

  it('are kept once, however often they are sent', () => {
    assert.ok(keepsFirstAfter(1_000, true))
  })
})
