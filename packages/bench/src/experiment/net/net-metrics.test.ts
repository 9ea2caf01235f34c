import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentIdOf, present } from '@commonweal/protocol'
import type { HeightedEvent } from '../chain/slashings.ts'
import { type NetFacts, netMetrics } from './net-metrics.ts'

const seats = Array.from({ length: 4 }, (_, seat) => agentIdOf(new Uint8Array(32).fill(seat + 1)))
const agentAt = (seat: number) => present(seats[seat], 'there are four seats')
const faultOf = (kind: 'double-vote' | 'forge' | 'eclipse', fromEpoch = 1) =>
  ({ kind, fromEpoch, spellMs: 1 }) as const

function measure(facts: Partial<NetFacts>) {
  return netMetrics({
    seats,
    faults: [null, null, null, faultOf('double-vote', 2)],
    events: [],
    views: [{ offenders: [], errorMicro: 0n }],
    newcomer: null,
    ...facts,
  })
}

function phaseAt(height: number, epoch: number): HeightedEvent {
  return { height, event: { kind: 'phase', epoch, phase: 'negotiate', height } }
}

function slashed(height: number, seat: number): HeightedEvent {
  const agent = agentAt(seat)
  const offence = 'conflicting-votes'
  return { height, event: { kind: 'slashed', agent, offence, amountMicro: 1n } }
}

describe('how an attack on processes was met', () => {
  it('is no question where all keep the rules', () => {
    assert.deepEqual(measure({ faults: seats.map(() => null) }), {})
  })

  it('times what is said from the epoch in which the node begins to say it', () => {
    const events = [phaseAt(1, 1), phaseAt(9, 2), slashed(12, 3)]
    const metrics = measure({ events })
    assert.equal(metrics['detection.heights'], 3)
    assert.equal(metrics['slashing.precision'], 1)
    assert.equal(metrics['slashing.recall'], 1)
  })

  it('counts an offender whom nobody punished against recall, once its epoch has come', () => {
    assert.equal(measure({ events: [phaseAt(1, 1)] })['slashing.recall'], null)
    assert.equal(measure({ events: [phaseAt(9, 2)] })['slashing.recall'], 0)
  })

  it('counts each seat once that a node scored down or banned, the honest apart', () => {
    const blame = (seat: number, isBanned: boolean) => ({ agent: agentAt(seat), isBanned })
    const metrics = measure({
      faults: [null, null, null, faultOf('forge')],
      views: [
        { offenders: [blame(3, false)], errorMicro: 0n },
        { offenders: [blame(3, true), blame(1, false)], errorMicro: 0n },
      ],
    })
    assert.equal(metrics['scoredDown.faulty'], 1)
    assert.equal(metrics['scoredDown.honest'], 1)
    assert.equal(metrics['banned.faulty'], 1)
    assert.equal(metrics['banned.honest'], 0)
  })

  it('says whether a newcomer follows, and whom it blames', () => {
    const newcomer = {
      status: 'refuses',
      height: 0,
      sentence: 'too few',
      offenders: [{ peerId: 'p', agent: agentAt(3), reputation: -20, isBanned: false, codes: {} }],
    } as const
    const metrics = measure({ faults: [null, null, null, faultOf('eclipse')], newcomer })
    assert.equal(metrics['newcomer.follows'], 0)
    assert.equal(metrics['scoredDown.faulty'], 1)
  })

  it('shows the greatest error of any ledger, and none where nobody was asked', () => {
    const views = [
      { offenders: [], errorMicro: 0n },
      { offenders: [], errorMicro: -2n },
    ]
    assert.equal(measure({ views })['conservationError'], 2)
    assert.equal(measure({ views: [] })['conservationError'], null)
  })
})
