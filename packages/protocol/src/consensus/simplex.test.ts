import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cid } from '../codec/cid.ts'
import type { ValidatorSet } from '../message/consensus.ts'
import { checkVoteEvidence } from './evidence.ts'
import {
  AGENTS,
  agentAt,
  createCounter,
  LINK_MS,
  PARAMETERS,
  setOf,
  World,
} from './toy-world.test.ts'

/** Two nodes never have different blocks at one height, and nobody was found to contradict itself. */
function assertAgreement(world: World): void {
  const chains = world.nodes.map(({ finals }) => finals.map(({ id }) => id))
  for (const chain of chains) {
    for (const other of chains) {
      const length = Math.min(chain.length, other.length)
      assert.deepEqual(chain.slice(0, length), other.slice(0, length))
    }
  }
  assert.deepEqual(
    world.nodes.flatMap(({ evidence }) => evidence),
    [],
  )
}

test('a block is final everywhere three hops after its proposal', () => {
  const world = new World()
  assert.ok(world.run(10_000, () => world.heights().every((height) => height >= 5)))
  for (const height of [1, 2, 3, 4, 5]) {
    const proposed = world.sent.find(
      ({ message }) => message.kind === 'proposal' && message.header.height === height,
    )
    assert.ok(proposed !== undefined)
    for (const { finals } of world.nodes) {
      assert.equal((finals[height - 1]?.atMs ?? 0) - proposed.atMs, 3 * LINK_MS)
    }
  }
  assertAgreement(world)
})

test('blocks come no faster than the block interval', () => {
  const world = new World({ parameters: { ...PARAMETERS, blockIntervalMs: 500, deltaMs: 600 } })
  world.run(10_000)
  const proposals = world.sent.filter(({ message }) => message.kind === 'proposal')
  assert.ok(proposals.length > 10)
  for (const [index, { atMs }] of proposals.entries()) {
    if (index > 0) assert.ok(atMs - (proposals[index - 1]?.atMs ?? 0) >= 500)
  }
})

test('one validator alone makes blocks final, one an interval', () => {
  const world = new World({ nodes: 1 })
  world.run(1_000)
  assert.equal(world.node(0).simplex.final.height, 10)
})

test('a silent leader costs its views and nothing else', () => {
  const world = new World()
  world.isLost = (from, _to, message) => from === 3 && message?.kind === 'proposal'
  assert.ok(world.run(20_000, () => world.heights().every((height) => height >= 8)))
  const proposers = world.node(0).finals.map(({ block }) => world.indexOf(block.header.proposer))
  assert.ok(!proposers.includes(3))
  assertAgreement(world)
})

test('a third that is silent altogether does not stop finality', () => {
  const world = new World()
  world.crash(2)
  const isDone = () => [0, 1, 3].every((index) => world.node(index).simplex.final.height >= 8)
  assert.ok(world.run(30_000, isDone))
  assertAgreement(world)
})

test('more than a third apart stops finality, and healing resumes it', () => {
  const world = new World()
  world.run(1_000)
  world.isLost = (from, to) => from < 2 !== to < 2
  world.run(60_000)
  const before = Math.max(...world.heights())
  world.isLost = () => false
  assert.ok(world.run(90_000, () => world.heights().every((height) => height >= before + 3)))
  assert.ok(world.nowMs - 60_000 < 8 * PARAMETERS.retryMs + 12 * 3 * PARAMETERS.deltaMs)
  assertAgreement(world)
})

test('a node that was cut off catches up', () => {
  const world = new World()
  world.run(1_000)
  world.isLost = (from, to) => from === 1 || to === 1
  world.run(20_000)
  world.isLost = () => false
  const before = world.node(0).simplex.final.height
  assert.ok(world.run(30_000, () => world.node(1).simplex.final.height > before))
  assertAgreement(world)
})

test('one message in four is lost and the chain still grows', () => {
  const world = new World({ application: createCounter(5, () => setOf([0, 1, 2, 3])) })
  let draw = 1
  world.isLost = () => {
    draw = (draw * 48_271) % 2_147_483_647
    return draw % 4 === 0
  }
  assert.ok(world.run(200_000, () => world.heights().every((height) => height >= 30)))
  assertAgreement(world)
})

test('an observer follows without voting', () => {
  const world = new World({ nodes: 5, validators: [0, 1, 2, 3] })
  assert.ok(world.run(10_000, () => world.heights().every((height) => height >= 5)))
  assert.ok(world.sent.every(({ from }) => from !== 4))
  assertAgreement(world)
})

test('a late joiner takes the chain of several epochs', () => {
  const world = new World({
    nodes: 5,
    validators: [0, 1, 2, 3],
    application: createCounter(4, () => setOf([0, 1, 2, 3])),
  })
  world.crash(4)
  world.run(10_000)
  assert.ok(world.node(0).simplex.epoch > 3)
  world.node(4).isUp = true
  const before = world.node(0).simplex.final.height
  assert.ok(world.run(30_000, () => world.node(4).simplex.final.height > before))
  assertAgreement(world)
})

/** Four of six, another four in each epoch. */
const setOfEpoch = (epoch: number): ValidatorSet =>
  setOf([0, 1, 2, 3].map((index) => (index + epoch - 1) % 6).toSorted())

test('each epoch is run by the set that its root names', () => {
  const world = new World({
    nodes: 6,
    validators: [0, 1, 2, 3],
    application: createCounter(4, setOfEpoch),
  })
  assert.ok(world.run(60_000, () => world.heights().every((height) => height >= 28)))
  for (const { block } of world.node(0).finals) {
    const { epoch, height, proposer } = block.header
    assert.equal(epoch, Math.floor((height - 1) / 4) + 1)
    assert.ok(setOfEpoch(epoch).some(({ agent }) => agent === proposer))
  }
  assertAgreement(world)
})

test('the last block of an epoch that some nullified is proposed again until it is final', () => {
  const world = new World({ application: createCounter(3, () => setOf([0, 1, 2, 3])) })
  let end: { readonly view: number; readonly id: Cid } | null = null
  world.isLost = (_from, to, message) => {
    if (message === null || message.epoch > 1) return false
    // Of the last block's first view, two voters hear no vote: they nullify, and no finalize quorum comes about there.
    if (message.kind === 'proposal' && message.header.nextSet !== null) {
      end ??= { view: message.view, id: message.header.parent }
    }
    return end !== null && message.view === end.view && message.kind !== 'proposal' && to < 2
  }
  assert.ok(world.run(60_000, () => world.heights().every((height) => height >= 6)))
  const last = world.sent.filter(
    ({ message }) =>
      message.kind === 'proposal' && message.epoch === 1 && message.header.nextSet !== null,
  )
  const views = new Set(last.map(({ message }) => message.view))
  assert.ok(views.size >= 2, 'it was proposed in one view only')
  assertAgreement(world)
})

test('a restarted node goes on in its view with its votes', () => {
  const world = new World()
  world.run(2_025)
  for (const index of [0, 1, 2, 3]) {
    world.crash(index)
    const { view, final } = world.node(index).simplex
    world.restart(index)
    const after = world.node(index).simplex
    assert.ok(after.view >= view)
    assert.equal(after.final.id, final.id)
    world.run(world.nowMs + 777)
  }
  const before = Math.max(...world.heights())
  assert.ok(world.run(60_000, () => world.heights().every((height) => height >= before + 3)))
  assertAgreement(world)
})

test('all nodes restart at once, at every moment of a view, and go on', () => {
  for (let offsetMs = 0; offsetMs < 400; offsetMs += 25) {
    const world = new World({ application: createCounter(4, () => setOf([0, 1, 2, 3])) })
    world.run(1_500 + offsetMs)
    world.inject(0, 0, { kind: 'envelope', envelope: firstEnvelope(world) })
    for (const { index } of world.nodes) world.crash(index)
    world.run(world.nowMs + 1_000)
    const before = world.nodes.map(({ simplex }) => simplex)
    for (const { index } of world.nodes) world.restart(index)
    for (const { index, simplex } of world.nodes) {
      const old = before[index]
      assert.ok(old !== undefined)
      if (simplex.epoch === old.epoch) assert.ok(simplex.view >= old.view)
      else assert.ok(simplex.epoch > old.epoch)
    }
    const height = Math.max(...world.heights())
    assert.ok(world.run(60_000, () => world.heights().every((other) => other >= height + 3)))
    assertAgreement(world)
  }
})

function firstEnvelope(world: World): Uint8Array {
  const entry = world.node(0).journal.find(({ kind }) => kind === 'signed')
  assert.ok(entry?.kind === 'signed')
  return entry.envelope
}

test('[CON-W] a node that stops anywhere between two effects never contradicts itself', () => {
  for (let stop = 0; stop < 60; stop++) {
    const world = new World({ application: createCounter(4, () => setOf([0, 1, 2, 3])) })
    let left = stop
    let isStopped = false
    world.onEffect = (node) => {
      if (isStopped || node.index !== 0 || left-- > 0) return true
      isStopped = true
      return false
    }
    world.run(60_000, () => isStopped)
    world.restart(0)
    const height = Math.max(...world.heights())
    assert.ok(world.run(60_000, () => world.heights().every((other) => other >= height + 3)))
    assertAgreement(world)
  }
})

test('persisting comes before everything else that a call wants done', () => {
  const world = new World()
  let count = 0
  world.onEffect = (_node, effect) => {
    if (effect.kind === 'persist') count++
    return true
  }
  const take = world.take.bind(world)
  world.take = (node, step) => {
    const index = step.effects.findIndex(({ kind }) => kind === 'persist')
    assert.ok(index <= 0)
    take(node, step)
  }
  world.run(2_000)
  assert.ok(count > 20)
})

test('two votes that contradict each other come out as evidence, once', () => {
  const world = new World()
  const offender = agentAt(3)
  world.run(500)
  const { view } = world.node(0).simplex
  const votes = world.sent.filter(({ from, message }) => from === 3 && message.kind !== 'proposal')
  assert.ok(votes.length > 0)
  const block = world.node(0).finals[0]?.id
  assert.ok(block !== undefined)
  const forge = (kind: 'notarize' | 'finalize', id: Cid) => ({
    kind,
    author: offender,
    epoch: 1,
    view: view + 3,
    block: id,
  })
  const other = world.node(0).finals[1]?.id ?? block
  assert.notEqual(other, block)
  for (const message of [
    forge('notarize', block),
    forge('notarize', other),
    forge('finalize', block),
    forge('finalize', other),
    { kind: 'nullify', author: offender, epoch: 1, view: view + 3 } as const,
    { kind: 'nullify', author: offender, epoch: 1, view: view + 4 } as const,
    { ...forge('finalize', other), view: view + 4 },
  ]) {
    world.inject(3, 0, { kind: 'envelope', envelope: world.sign(3, message) })
  }
  world.run(world.nowMs + LINK_MS)
  const offences = world.node(0).evidence.map(({ first, second }) => {
    const checked = checkVoteEvidence(first.message, second.message)
    assert.ok(checked.ok)
    assert.equal(checked.value.offender, offender)
    return checked.value.offence
  })
  assert.deepEqual(offences, ['double-notarize', 'double-finalize', 'nullify-and-finalize'])
  assert.equal(AGENTS.length, 12)
})
