import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { computeChainTotals } from '../chain/conserve.ts'
import { headOf } from '../chain/head.ts'
import { runs, subnetStates } from '../chain/instance.ts'
import { decode, encode } from '../codec/cbor.ts'
import type { Cid } from '../codec/cid.ts'
import type { Terms } from '../contract/terms.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Signer } from '../identity/signature.ts'
import { present } from '../invariant.ts'
import type { Ledger } from '../ledger/draft.ts'
import { loadLedger } from '../ledger/load.ts'
import { open, seal, type Verified } from '../message/envelope.ts'
import type { Message } from '../message/message.ts'
import { PARTY_MESSAGES_MAX } from '../negotiation/conversation.ts'
import type { CommonsState } from '../subnet/commons/state.ts'
import { keyedHashSigner, SMALL_EPOCHS, SmallWorld } from '../testing/index.ts'
import type { Command } from './command.ts'
import type { AgentQuestion } from './effect.ts'
import { restoreReplica } from './restore.ts'
import { EARLY_PER_AUTHOR_MAX, finalLedger, type Replica } from './state.ts'

/** Greedy; in its turn it proposes a cap of a tenth of the stock, or accepts what is on the table. */
function greedyUnderCap(question: AgentQuestion, replica: Replica): Command {
  const ledger = finalLedger(replica)
  const { subnet, epoch } = question
  if (question.kind === 'act') {
    const { stock } = subnetStates.find(ledger, subnet) as CommonsState
    return { kind: 'act', subnet, epoch, action: BigInt(stock) }
  }
  const { turn, standing, target } = question
  if (standing !== null) return { kind: 'move', subnet, epoch, turn, move: { move: 'accept' } }
  const { seats } = present(runs.find(ledger, subnet), 'it runs')
  const terms = createTerms(subnet, seats, target)
  return { kind: 'move', subnet, epoch, turn, move: { move: 'propose', terms } }
}

function createTerms(subnet: string, parties: readonly AgentId[], from: number): Terms {
  const cap = { primitive: 'cap', limit: 'stock / 10' } as const
  return {
    parties,
    quorum: 4,
    subnet,
    rounds: [from, from + 11],
    mode: 'law',
    text: '',
    law: { clauses: [{ at: 'submission', when: 'true', then: cap }] },
    collateralMicro: parties.map(() => 0n),
    replaces: null,
  }
}

function catchesOf(world: SmallWorld): readonly number[] {
  return world.events
    .filter((event) => event.kind === 'round-settled')
    .map((event) => (event.row as { readonly catchTotal: number }).catchTotal)
}

describe('a network of whole replicas', () => {
  it('negotiates a law, acts under it for twelve rounds, and conserves every token', () => {
    const world = new SmallWorld(greedyUnderCap)
    world.runToEnd()
    assert.deepEqual(
      catchesOf(world),
      Array.from({ length: 12 }, () => 50),
    )
    assert.equal(world.events.filter((event) => event.kind === 'agreement-formed').length, 1)
    for (const replica of world.replicas) {
      assert.equal(computeChainTotals(finalLedger(replica)).errorMicro, 0n)
    }
    assert.deepEqual(
      world.codes.filter((code) => !code.endsWith(':ok')),
      [],
    )
  })

  it('collapses in round 1 when the law comes one round late', () => {
    const world = new SmallWorld(greedyUnderCap, { instance: { contractDelay: 1 } })
    world.runToEnd()
    assert.deepEqual(catchesOf(world), [100])
  })

  it('goes on without an agent that never answers: its seat is absent and its turns pass', () => {
    const silent = new SmallWorld((question, replica) =>
      question.seat === 1 ? null : greedyUnderCap(question, replica),
    )
    silent.runToEnd()
    assert.deepEqual(
      catchesOf(silent),
      Array.from({ length: 12 }, () => 40),
    )
  })

  it('agrees in the second lap of a slow negotiation', () => {
    const lateSeats = [2, 3]
    const world = new SmallWorld(
      (question, replica) => {
        const isFirstLap = question.kind === 'negotiate' && question.turn < 5
        if (isFirstLap && lateSeats.includes(question.seat)) return null
        return greedyUnderCap(question, replica)
      },
      { genesis: { turnHeightsMax: 35, epochs: { ...SMALL_EPOCHS, negotiateHeightsMax: 200 } } },
    )
    world.run(() => world.events.some((event) => event.kind === 'agreement-formed'))
    assert.equal(headOf(finalLedger(world.replica(0))).epoch, 1)
  })

  it('never signs two messages of one number, however much it has to say', () => {
    const world = new SmallWorld((question, replica) =>
      question.seat === 2 ? null : greedyUnderCap(question, replica),
    )
    world.run(() => world.replica(3).talks['commons']?.conversation != null)
    const talk = present(world.replica(3).talks['commons'], 'they talk')
    const conversation = present(talk.conversation, 'it is open').id
    const ids = new Map<number, Set<Cid>>()
    for (let count = 0; count < 2 * PARTY_MESSAGES_MAX; count += 1) {
      const command: Command = { kind: 'inform', conversation, text: `word ${count}` }
      for (const effect of world.feed(3, { kind: 'command', command, nowMs: world.nowMs })) {
        if (effect.kind !== 'publish') continue
        const opened = open(effect.envelope, world.context(3))
        assert.ok(opened.ok && opened.value.message.kind === 'inform')
        const { sequence } = opened.value.message
        ids.set(sequence, (ids.get(sequence) ?? new Set()).add(opened.value.id))
      }
    }
    assert.equal(ids.size, PARTY_MESSAGES_MAX)
    assert.ok([...ids.values()].every(({ size }) => size === 1))
  })

  it('ends an agreement with the consent of the quorum that its terms name', () => {
    const world = new SmallWorld(greedyUnderCap)
    world.run(() => headOf(finalLedger(world.replica(0))).epoch === 3)
    const agreement = agreementOf(world)
    for (const index of [0, 1, 2, 3]) {
      const command: Command = { kind: 'consent', agreement }
      world.feed(index, { kind: 'command', command, nowMs: world.nowMs })
    }
    world.run(() => world.events.some((event) => event.kind === 'agreement-ended'))
    const ended = world.events.find((event) => event.kind === 'agreement-ended')
    assert.equal(ended?.why, 'terminated')
  })

  it('restarts from its journal into the same state, and finishes the run with the others', () => {
    const world = new SmallWorld(greedyUnderCap)
    world.run(() => headOf(finalLedger(world.replica(0))).epoch === 3)
    const before = world.replica(1)
    const { blocks, records } = world.disk(1)
    const { state } = restoreReplica(
      world.context(1),
      {
        snapshot: null,
        blocks: blocks.map(({ block, certificate }) => ({ block: block.block, certificate })),
        records,
      },
      world.nowMs,
    )
    assert.equal(finalLedger(state).digest(), finalLedger(before).digest())
    assert.equal(state.simplex.view, before.simplex.view)
    assert.deepEqual(state.actions, before.actions)
    world.replicas[1] = state
    world.runToEnd()
  })

  it('restarts from a snapshot whose amounts come from a disk as they are written there', () => {
    const world = new SmallWorld(greedyUnderCap)
    world.run(() => headOf(finalLedger(world.replica(0))).epoch === 3)
    const { blocks, records, snapshots } = world.disk(1)
    const snapshot = present(snapshots.at(-1), 'an epoch has ended')
    const { state } = restoreReplica(
      world.context(1),
      {
        snapshot: { ...snapshot, ledger: throughBytes(snapshot.ledger), certificate: null },
        blocks: blocks.map(({ block, certificate }) => ({ block: block.block, certificate })),
        records,
      },
      world.nowMs,
    )
    assert.equal(finalLedger(state).digest(), finalLedger(world.replica(1)).digest())
  })
})

/** A ledger as a disk gives it back. */
function throughBytes(ledger: Ledger): Ledger {
  const entries = [...ledger.entries()].map(([key, value]): [string, unknown] => {
    const decoded = decode(encode(value), 1 << 20)
    assert.ok(decoded.ok)
    return [key, decoded.value]
  })
  return loadLedger(entries)
}

function agreementOf(world: SmallWorld): Cid {
  const formed = world.events.find((event) => event.kind === 'agreement-formed')
  return present(formed, 'an agreement formed').id
}

describe('what a replica refuses of a negotiation', () => {
  const world = new SmallWorld(() => null)
  const { genesis, networkId } = world.context(0)
  const agents = genesis.accounts.map(({ agent }) => agent)

  const sign = (index: number, message: Message): Verified =>
    seal(message, networkId, world.context(index).signer)
  const cfp = (index: number, change: Partial<Extract<Message, { kind: 'cfp' }>> = {}) =>
    sign(index, {
      kind: 'cfp',
      author: present(agents[index], 'there is an agent'),
      subnet: 'commons',
      round: 1,
      parties: agents,
      subject: '',
      deadlineHeight: 60,
      ...change,
    })

  it('another instance, round or party, and one who may not open yet', () => {
    assert.equal(world.refusal(0, cfp(1, { subnet: 'none' })), 'ignore unknown-instance')
    assert.equal(world.refusal(0, cfp(1, { round: 2 })), 'ignore not-negotiating')
    assert.equal(world.refusal(0, cfp(1, { parties: agents.slice(1) })), 'ignore wrong-parties')
    assert.equal(world.refusal(0, cfp(3)), 'ignore not-the-opener')
    assert.equal(world.refusal(0, cfp(1, { deadlineHeight: 1 })), 'ignore wrong-deadline')
    assert.equal(world.refusal(0, cfp(1, { deadlineHeight: 61 })), 'ignore wrong-deadline')
  })

  it('words of a conversation that it does not know, and a second conversation about one round', () => {
    const inform = sign(1, {
      kind: 'inform',
      author: present(agents[1], 'there is an agent'),
      conversation: networkId,
      sequence: 0,
      text: '',
    })
    assert.equal(world.refusal(0, inform), 'ignore unknown-conversation')
    assert.equal(world.refusal(0, cfp(1)), null)
    assert.equal(world.refusal(0, cfp(1, { subject: 'again' })), 'ignore already-open')
  })

  it('and keeps early words of nobody without a bond, few of one author, and all of its own', () => {
    const crowded = new SmallWorld(() => null)
    const inform = (signer: Signer, sequence: number): Verified => {
      const said = { author: signer.agent, conversation: networkId, sequence, text: '' }
      return seal({ kind: 'inform', ...said }, crowded.context(0).networkId, signer)
    }
    const earlyOf = (signer: Signer): number =>
      crowded.replica(0).early.filter(({ message }) => message.author === signer.agent).length
    const own = crowded.context(0).signer
    const bonded = crowded.context(1).signer
    const stranger = keyedHashSigner('stranger')
    for (let sequence = 0; sequence <= EARLY_PER_AUTHOR_MAX; sequence += 1) {
      for (const signer of [own, bonded, stranger]) crowded.refusal(0, inform(signer, sequence))
    }
    assert.equal(earlyOf(own), EARLY_PER_AUTHOR_MAX + 1)
    assert.equal(earlyOf(bonded), EARLY_PER_AUTHOR_MAX)
    assert.equal(earlyOf(stranger), 0)
    const kept = crowded.replica(0).early.filter(({ message }) => message.author === bonded.agent)
    const last = present(kept.at(-1), 'some are kept').message
    assert.equal('sequence' in last && last.sequence, EARLY_PER_AUTHOR_MAX, 'the newest are kept')
  })

  it('an agent whose bond is too small to be taken at its word', () => {
    const poor = new SmallWorld(() => null, { genesis: { talkBondMinMicro: 101_000_000 } })
    const { signer, networkId: other } = poor.context(1)
    const said = seal({ ...cfp(1).message, author: signer.agent }, other, signer)
    assert.equal(poor.refusal(0, said), 'ignore bond-too-small')
  })

  it('consent to what is not in force, from one who is no party, and a second time', () => {
    const running = new SmallWorld(greedyUnderCap)
    running.run(() => running.events.some((event) => event.kind === 'agreement-formed'))
    const agreement = agreementOf(running)
    const { height } = headOf(finalLedger(running.replica(0)))
    const consent = (index: number, about: Cid, expiresAtHeight = height + 3): Verified => {
      const { signer, networkId: id } = running.context(index)
      const head = { author: signer.agent, agreement: about, expiresAtHeight }
      return seal({ kind: 'consent', ...head }, id, signer)
    }
    assert.equal(running.refusal(0, consent(1, networkId)), 'ignore unknown-agreement')
    assert.equal(running.refusal(0, consent(1, agreement, height)), 'ignore consent-expired')
    assert.equal(running.refusal(0, consent(1, agreement)), null)
    assert.equal(running.refusal(0, consent(1, agreement)), 'ignore duplicate-consent')
    running.run(() => headOf(finalLedger(running.replica(0))).height === height + 3)
    const renewed = consent(1, agreement, 1_000)
    assert.equal(running.refusal(0, renewed), null)
  })
})
