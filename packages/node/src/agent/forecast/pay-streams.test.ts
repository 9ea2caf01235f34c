import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import { prosocialityOfLambda } from '../prosocial.ts'
import type { PayRecord } from './pay-shares.ts'
import { type PayTerms, toPayStreams } from './pay-streams.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const [one, other, third] = [agentAt(0), agentAt(1), agentAt(2)]

interface Case extends Partial<Omit<PayTerms, 'prosociality'>> {
  readonly lambda?: number
  /** Mean credits, by supplier; where `isSure` is false each has a standard error far above it. */
  readonly credits: readonly number[]
  readonly isSure?: boolean
  /** What all together add; the sum of their credits unless given. */
  readonly gain?: number
}

function pay({ credits, lambda = 0, isSure = true, gain, ...terms }: Case): readonly number[] {
  const records = credits.map((credit, index): readonly [AgentId, PayRecord] => [
    agentAt(index),
    { credit, variance: isSure ? 0 : 100, score: 0 },
  ])
  const prosociality = prosocialityOfLambda(lambda)
  assert.ok(prosociality.ok)
  const all = credits.reduce((sum, credit) => sum + credit, 0)
  const streams = toPayStreams(
    { records: new Map(records), worth: { credit: gain ?? all, variance: 0, score: 0 } },
    { keepBps: 2_000, askingBps: 100, prosociality: prosociality.value, ...terms },
  )
  return [one, other, third].map((agent) => streams.find(({ to }) => to === agent)?.bps ?? 0)
}

/** The gain of which half is worth so many basis points to who has it. */
function gainWorth(bps: number): number {
  return (2 * bps * 2 * Math.log(100) * 0.02) / 10_000
}

describe('what a buyer passes on', () => {
  it('is half of what signals are worth to it, and no more than it was told, by shares', () => {
    assert.deepEqual(pay({ credits: [0.3, 0.1] }), [1_500, 500, 0])
    const [gain, few] = [gainWorth(1_000), gainWorth(999)]
    assert.deepEqual(pay({ credits: [0.3, 0.1], gain }), [750, 250, 0])
    assert.deepEqual(pay({ credits: [0.4, 0], gain: few }), [999, 0, 0])
  })

  it('is more where it cares for others, whatever signals are worth to it', () => {
    const [first = 0] = pay({ credits: [0.4], gain: gainWorth(500), lambda: 2 })
    assert.equal(first, 4_000)
  })

  it('is nothing where all signals together add nothing', () => {
    assert.deepEqual(pay({ credits: [0.3, 0.1], gain: 0 }), [0, 0, 0])
    assert.deepEqual(pay({ credits: [0.3, 0.1], gain: -0.1 }), [0, 0, 0])
  })

  it('is for nobody less than it asks: that, where it is worth it, or nothing', () => {
    // A share of one hundredth of two thousand is 20.
    assert.deepEqual(pay({ credits: [0.396, 0.004] }), [1_980, 100, 0])
    assert.deepEqual(pay({ credits: [0.399, 0.001] }), [1_995, 0, 0])
    assert.deepEqual(pay({ credits: [0.399, 0.001], askingBps: 1 }), [1_995, 5, 0])
  })

  it('is what is asked, where it is sure of nobody, for those more likely than not worth it', () => {
    assert.deepEqual(pay({ credits: [0.02, 0.001, -0.01], isSure: false }), [100, 0, 0])
    assert.deepEqual(pay({ credits: [0.02, 0.01], isSure: false, askingBps: 1 }), [1, 1, 0])
    assert.deepEqual(pay({ credits: [0.02, 0.01], isSure: false, gain: 0 }), [0, 0, 0])
    assert.deepEqual(pay({ credits: [0.02], isSure: false, keepBps: 0 }), [0, 0, 0])
  })

  it('is for nobody less than it asks also where an agent that cares for others passes on all that it may', () => {
    const credits = [0.003, 0.003, 0.003, ...Array<number>(5).fill(0.1)]
    assert.deepEqual(pay({ credits, lambda: 1_000 }), [100, 100, 100])
  })

  it('leaves out the agent’s own other name, whose part it keeps', () => {
    assert.deepEqual(pay({ credits: [0.3, 0.1], own: one }), [0, 500, 0])
  })
})
