import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { type Cid, cidOf } from '../codec/cid.ts'
import { type Digest, digestOf } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { InvariantError, present } from '../invariant.ts'
import { keyedHashSigner } from '../testing/keyed-hash.ts'
import { drawJury, type Juror, type JuryToDraw } from './jury-draw.ts'

const AGENTS: readonly AgentId[] = Array.from(
  { length: 40 },
  (_, index) => keyedHashSigner(`juror-${index}`).agent,
)
const QUESTION = cidOf(Uint8Array.of(1))

const jurors: fc.Arbitrary<readonly Juror[]> = fc
  .subarray([...AGENTS], { minLength: 1 })
  .chain((agents) =>
    fc.tuple(
      ...agents.map((agent) =>
        fc.record({
          agent: fc.constant(agent),
          stakeMicro: fc.oneof(
            fc.bigInt({ min: 0n, max: 3n }),
            fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
          ),
        }),
      ),
    ),
  )

describe('a jury', () => {
  it('has distinct members with stake, or is not drawn at all', () => {
    const seen = { drawn: 0, tooFew: 0 }
    fc.assert(
      fc.property(jurors, fc.integer({ min: 1, max: 31 }), fc.nat(), (eligible, size, beacon) => {
        const jury = drawJury(planOf(eligible, { size, beacon: beaconOf(beacon) }))
        const staked = new Set(
          eligible.filter(({ stakeMicro }) => stakeMicro > 0n).map(({ agent }) => agent),
        )
        if (jury === 'too-few') {
          seen.tooFew += 1
          assert.ok(staked.size < size)
          return
        }
        seen.drawn += 1
        assert.equal(jury.length, size)
        assert.equal(new Set(jury).size, size)
        assert.ok(jury.every((agent) => staked.has(agent)))
      }),
    )
    assert.ok(seen.drawn > 10 && seen.tooFew > 10, JSON.stringify(seen))
  })

  it('depends on nothing but who is eligible with what, the beacon, the question and the round', () => {
    fc.assert(
      fc.property(jurors, fc.nat(), (eligible, beacon) => {
        const plan = planOf(eligible, { size: 1, beacon: beaconOf(beacon) })
        assert.deepEqual(drawJury({ ...plan, eligible: eligible.toReversed() }), drawJury(plan))
      }),
    )
    const plan = planOf(equal(40), { size: 15 })
    const other: readonly JuryToDraw[] = [
      { ...plan, beacon: beaconOf(1) },
      { ...plan, question: cidOf(Uint8Array.of(2)) },
      { ...plan, round: 2 },
    ]
    for (const changed of other) assert.notDeepEqual(drawJury(changed), drawJury(plan))
  })

  it('that is larger begins with the smaller one of the same draw', () => {
    const large = drawJury(planOf(equal(40), { size: 31 }))
    const small = drawJury(planOf(equal(40), { size: 7 }))
    assert.ok(large !== 'too-few' && small !== 'too-few')
    assert.deepEqual(large.slice(0, 7), small)
  })

  // Within 4 standard deviations of 4 000 draws, for each of 8 agents: about 1 chance in 2 000 for each unit to fail, and the beacons are fixed.
  it('has every agent in its first seat in proportion to stake, whatever the unit', () => {
    for (const unit of [1n, 10n ** 6n, 2n ** 60n + 1n]) {
      const shares = [1, 1, 2, 3, 5, 8, 13, 7]
      const eligible = shares.map((share, index) => jurorOf(index, BigInt(share) * unit))
      const counts = countDraws(planOf(eligible, { size: 1 }), 4_000)
      for (const [index, share] of shares.entries()) assertNear(counts[index], share / 40, 4_000)
    }
  })

  it('draws without replacement: the second seat is in proportion to what is left', () => {
    const parts = [0.5, 0.25, 0.15, 0.1]
    const eligible = parts.map((part, index) => jurorOf(index, BigInt(part * 1_000)))
    const counts = countDraws(planOf(eligible, { size: 2 }), 4_000)
    for (const [index, part] of parts.entries()) {
      const second = parts
        .filter((_, other) => other !== index)
        .reduce((sum, other) => sum + (other * part) / (1 - other), 0)
      assertNear(counts[index], part + second, 4_000)
    }
  })

  it('stops at what the ledger must never hand it', () => {
    const [first] = equal(1)
    assert.ok(first !== undefined)
    for (const wrong of [
      { eligible: [first, first], size: 1 },
      { eligible: [{ ...first, stakeMicro: -1n }], size: 1 },
      { eligible: [first], size: 0 },
    ]) {
      assert.throws(() => drawJury({ ...planOf([], { size: 1 }), ...wrong }), InvariantError)
    }
  })
})

function planOf(
  eligible: readonly Juror[],
  { size, beacon = beaconOf(0) }: { readonly size: number; readonly beacon?: Digest },
): JuryToDraw {
  const question: Cid = QUESTION
  return { eligible, size, beacon, question, round: 1 }
}

function beaconOf(number: number): Digest {
  return digestOf(Buffer.from(`beacon ${number}`))
}

function jurorOf(index: number, stakeMicro: bigint): Juror {
  return { agent: present(AGENTS[index], 'so many agents'), stakeMicro }
}

function equal(count: number): readonly Juror[] {
  return Array.from({ length: count }, (_, index) => jurorOf(index, 100_000_000n))
}

/** How often each agent sits, by its place among the eligible. */
function countDraws(plan: JuryToDraw, drawCount: number): readonly number[] {
  const counts = new Map(plan.eligible.map(({ agent }) => [agent, 0]))
  for (let draw = 0; draw < drawCount; draw++) {
    const jury = drawJury({ ...plan, beacon: beaconOf(draw) })
    assert.ok(jury !== 'too-few')
    for (const agent of jury) counts.set(agent, (counts.get(agent) ?? 0) + 1)
  }
  return plan.eligible.map(({ agent }) => counts.get(agent) ?? 0)
}

function assertNear(count: number | undefined, probability: number, drawCount: number): void {
  assert.ok(count !== undefined)
  const deviation = Math.sqrt(drawCount * probability * (1 - probability))
  const off = Math.abs(count - drawCount * probability)
  assert.ok(off <= 4 * deviation, `${count} of ${drawCount}, ${probability} expected`)
}
