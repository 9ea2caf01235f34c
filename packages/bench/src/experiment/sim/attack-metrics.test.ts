import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SuspicionKind } from '@commonweal/node/conduct'
import {
  type AgentId,
  agentIdOf,
  type ChainEvent,
  type Offence,
  type Phase,
  present,
} from '@commonweal/protocol'
import { type AttackFacts, attackMetrics } from './attack-metrics.ts'
import type { PlacedEvent } from './chain-watch.ts'

const seats = Array.from({ length: 4 }, (_, seat) => agentIdOf(new Uint8Array(32).fill(seat + 1)))
const fault = { kind: 'double-vote', fromEpoch: 1 } as const

function slashed(height: number, seat: number, offence: Offence): PlacedEvent {
  const agent = present(seats[seat], 'there are four seats')
  return { height, event: { kind: 'slashed', agent, offence, amountMicro: 1n } }
}

function phaseAt(height: number, phase: Phase): PlacedEvent {
  const event: ChainEvent = { kind: 'phase', epoch: 1, phase, height }
  return { height, event }
}

function measure(facts: Partial<AttackFacts>) {
  return attackMetrics({
    seats,
    faults: [null, null, null, fault],
    events: [],
    offences: new Map(),
    named: new Map(),
    ...facts,
  })
}

describe('how an attack was met', () => {
  const offender = present(seats[3], 'there are four seats')

  it('has no precision where nobody was punished, and no recall where nobody offended', () => {
    const metrics = measure({})
    assert.equal(metrics['slashing.precision'], null)
    assert.equal(metrics['slashing.recall'], null)
    assert.equal(metrics['detection.heights'], null)
  })

  it('counts an honest agent that was punished against precision', () => {
    const events = [slashed(9, 3, 'conflicting-votes'), slashed(9, 0, 'conflicting-votes')]
    const metrics = measure({ events, offences: new Map([[offender, 4]]) })
    assert.equal(metrics['slashing.precision'], 0.5)
    assert.equal(metrics['slashed.honest'], 1)
    assert.equal(metrics['slashing.recall'], 1)
    assert.equal(metrics['detection.heights'], 5)
  })

  it('counts an offender that nobody punished against recall', () => {
    assert.equal(measure({ offences: new Map([[offender, 4]]) })['slashing.recall'], 0)
  })

  it('times silence from the phase in which something was to be revealed', () => {
    const events = [
      phaseAt(10, 'reveal'),
      phaseAt(12, 'beacon'),
      slashed(34, 3, 'seal-not-revealed'),
    ]
    const faults = [null, null, null, { kind: 'withhold-reveals', fromEpoch: 1 } as const]
    assert.equal(measure({ events, faults })['detection.heights'], 24)
  })

  it('adds up what was taken from faulty agents, and from nobody else', () => {
    const events = [slashed(9, 3, 'equivocation'), slashed(9, 0, 'equivocation')]
    const again = slashed(12, 3, 'equivocation')
    assert.equal(measure({ events: [...events, again] })['slashed.tokens'], 2e-6)
  })

  it('counts an agent once, by its first punishment', () => {
    const events = [
      phaseAt(10, 'beacon'),
      slashed(34, 3, 'share-not-revealed'),
      phaseAt(50, 'beacon'),
      slashed(90, 3, 'share-not-revealed'),
    ]
    const faults = [null, null, null, { kind: 'withhold-shares', fromEpoch: 1 } as const]
    const metrics = measure({ events, faults })
    assert.equal(metrics['slashed.faulty'], 1)
    assert.equal(metrics['detection.heights'], 24)
  })
})

describe('whom an honest replica names', () => {
  const [honest, , , offender] = seats.map((seat) => present(seat, 'there are four seats'))
  const namedFor = (agent: AgentId | undefined, ...kinds: readonly SuspicionKind[]) =>
    new Map([
      [
        present(agent, 'there are four seats'),
        new Map(kinds.map((kind, index) => [kind, 9 + index])),
      ],
    ])

  it('is right where it is faulty, and dated by the first suspicion', () => {
    const metrics = measure({ named: namedFor(offender, 'floods', 'replays') })
    assert.equal(metrics['suspects.precision'], 1)
    assert.equal(metrics['suspects.recall'], 1)
    assert.equal(metrics['suspects.heights'], 9)
    assert.equal(metrics['named'], 1)
  })

  it('is wrong where it kept the rules', () => {
    const metrics = measure({ named: namedFor(honest, 'absent') })
    assert.equal(metrics['suspects.precision'], 0)
    assert.equal(metrics['suspects.honest'], 1)
    assert.equal(metrics['named'], 0)
  })

  it('may be called absent where it was away, and not more', () => {
    const faults = [null, null, null, { kind: 'crash', fromEpoch: 1 } as const]
    const absent = measure({ faults, named: namedFor(offender, 'absent') })
    assert.equal(absent['suspects.precision'], 1)
    const accused = measure({ faults, named: namedFor(offender, 'absent', 'withholds-votes') })
    assert.equal(accused['suspects.precision'], 0)
  })

  it('counts as named also where the ledger punished it', () => {
    assert.equal(measure({ events: [slashed(9, 3, 'equivocation')] })['named'], 1)
    assert.equal(measure({})['named'], 0)
    assert.equal(measure({})['suspects.precision'], null)
  })
})
