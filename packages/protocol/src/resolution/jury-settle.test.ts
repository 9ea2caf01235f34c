import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { AgentId } from '../identity/agent-id.ts'
import { sumBigint } from '../integer.ts'
import { InvariantError } from '../invariant.ts'
import { keyedHashSigner } from '../testing/keyed-hash.ts'
import {
  atRiskMicro,
  atRiskPpm,
  type JuriesToSettle,
  type SettledJuries,
  settleJuries,
} from './jury-settle.ts'

const AGENTS: readonly AgentId[] = Array.from(
  { length: 31 },
  (_, index) => keyedHashSigner(`juror-${index}`).agent,
).toSorted()
const OUTCOME_COUNT = 3

/** A stake, and what its owner says: null is silence. */
interface Seat {
  readonly stakeMicro: bigint
  readonly says: number | null
}

const seat: fc.Arbitrary<Seat> = fc.record({
  stakeMicro: fc.oneof(
    fc.bigInt({ min: 0n, max: 30n }),
    fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  ),
  says: fc.option(fc.nat({ max: OUTCOME_COUNT - 1 }), { freq: 5 }),
})
const rounds = fc.array(fc.array(seat, { maxLength: 31 }), { maxLength: 3 })
const outcome = fc.nat({ max: OUTCOME_COUNT - 1 })

describe('what a jury costs and pays', () => {
  it('doubles with each round', () => {
    assert.deepEqual([1, 2, 3].map(atRiskPpm), [100_000n, 200_000n, 400_000n])
    for (const round of [0, 4, 1.5]) assert.throws(() => atRiskPpm(round), InvariantError)
    assert.equal(atRiskMicro(19n, 1), 1n)
  })

  it('is conserved exactly, and nobody loses more than was at risk', () => {
    fc.assert(
      fc.property(rounds, fc.option(outcome), (given, final) => {
        const settled = settleJuries(caseOf(given, final))
        const lostMicro = sumBigint(settled.jurors.map((row) => row.lostMicro))
        const gainedMicro = sumBigint(settled.jurors.map((row) => row.gainedMicro))
        assert.equal(lostMicro, gainedMicro + settled.burnedMicro)
        assert.ok(settled.burnedMicro >= 0n)
        for (const { agent, lostMicro: lost, gainedMicro: gained } of settled.jurors) {
          const index = AGENTS.indexOf(agent)
          const risks = given.map((seats, round) =>
            atRiskMicro(seats[index]?.stakeMicro ?? 0n, round + 1),
          )
          assert.ok(lost >= 0n && lost <= sumBigint(risks) && gained >= 0n)
        }
      }),
    )
  })

  it('does not depend on the order of jurors and verdicts', () => {
    fc.assert(
      fc.property(rounds, fc.option(outcome), (given, final) => {
        const plan = caseOf(given, final)
        const juries = plan.juries.map(({ jurors, verdicts }) => ({
          jurors: jurors.toReversed(),
          verdicts: verdicts.toReversed(),
        }))
        assert.deepEqual(settleJuries({ ...plan, juries }), settleJuries(plan))
      }),
    )
  })

  it('is burned, none of it paid, where the question is void', () => {
    fc.assert(
      fc.property(rounds, (given) => {
        const settled = settleJuries(caseOf(given, null))
        assert.ok(settled.jurors.every(({ gainedMicro }) => gainedMicro === 0n))
      }),
    )
  })

  it('lets no set of jurors gain by silence or by another outcome than the one that is decided', () => {
    const deviation = fc.record({
      mask: fc.infiniteStream(fc.boolean()),
      says: fc.infiniteStream(fc.option(outcome)),
    })
    const seen = { paid: 0 }
    fc.assert(
      fc.property(rounds, outcome, deviation, (given, final, { mask, says }) => {
        const members = new Set(AGENTS.filter(() => mask.next().value))
        const isMember = (index: number): boolean => members.has(AGENTS[index] ?? never())
        const coherent = given.map((seats) =>
          seats.map((own, index) => (isMember(index) ? { ...own, says: final } : own)),
        )
        const deviating = given.map((seats) =>
          seats.map((own, index) => (isMember(index) ? { ...own, says: says.next().value } : own)),
        )
        const before = netMicro(settleJuries(caseOf(coherent, final)), members)
        const after = netMicro(settleJuries(caseOf(deviating, final)), members)
        // Each member and round may gain a micro-token of what rounding leaves.
        assert.ok(after <= before + BigInt(members.size * given.length))
        if (after < before) seen.paid += 1
      }),
      { numRuns: 300 },
    )
    assert.ok(seen.paid > 100, 'and most sets lose by it')
  })

  it('pays the coherent in proportion to what they had at risk', () => {
    const settled = settleJuries(
      caseOf(
        [
          [
            { stakeMicro: 1_000n, says: 0 },
            { stakeMicro: 3_000n, says: 0 },
            { stakeMicro: 2_000n, says: 1 },
            { stakeMicro: 1_010n, says: null },
          ],
        ],
        0,
      ),
    )
    // 200 and 101 are lost: 301 · 100/400 = 75.25, and the rest.
    assert.deepEqual(nets(settled), [75n, 226n, -200n, -101n])
    assert.equal(settled.burnedMicro, 0n)
  })

  it('judges a round that decided nothing by what was decided in the end', () => {
    const settled = settleJuries(
      caseOf(
        [
          [1, 1, 0, 0].map((says) => ({ stakeMicro: 1_000n, says })),
          [0, 0, 0, 1].map((says) => ({ stakeMicro: 1_000n, says })),
        ],
        0,
      ),
    )
    // Round 1: two lose 100 each, to two. Round 2: one loses 200, to three.
    assert.deepEqual(nets(settled), [-100n + 66n, -100n + 67n, 100n + 67n, 100n - 200n])
  })

  it('charges who made a question void unless it was the greater part of the jurors', () => {
    const voidCase = (...says: readonly (number | null)[]): SettledJuries =>
      settleJuries(caseOf([says.map((each) => ({ stakeMicro: 1_000n, says: each }))], null))
    assert.deepEqual(nets(voidCase(0, 0, 0, 1, 1, null)), [0n, 0n, 0n, -100n, -100n, -100n])
    assert.equal(voidCase(0, 0, 0, 1, 1, null).burnedMicro, 300n)
    // Two lead: only the silent pay.
    assert.deepEqual(nets(voidCase(0, 0, 1, 1, null)), [0n, 0n, 0n, 0n, -100n])
  })

  it('burns what nobody coherent is there to get', () => {
    const settled = settleJuries(
      caseOf(
        [
          [
            { stakeMicro: 1_000n, says: 1 },
            { stakeMicro: 9n, says: 0 },
          ],
        ],
        0,
      ),
    )
    assert.deepEqual(nets(settled), [-100n, 0n])
    assert.equal(settled.burnedMicro, 100n)
  })

  it('stops at what the ledger must never hand it', () => {
    const [first, second] = AGENTS
    assert.ok(first !== undefined && second !== undefined)
    const juror = { agent: first, stakeMicro: 10n }
    const verdict = { juror: first, outcome: 0 }
    for (const jury of [
      { jurors: [juror, juror], verdicts: [] },
      { jurors: [juror], verdicts: [verdict, verdict] },
      { jurors: [juror], verdicts: [{ juror: second, outcome: 0 }] },
    ]) {
      assert.throws(
        () => settleJuries({ juries: [jury], outcome: 0, outcomeCount: 2 }),
        InvariantError,
      )
    }
  })
})

function caseOf(given: readonly (readonly Seat[])[], final: number | null): JuriesToSettle {
  const juries = given.map((seats) => {
    const named = seats.map((own, index) => ({ ...own, agent: AGENTS[index] ?? never() }))
    return {
      jurors: named.map(({ agent, stakeMicro }) => ({ agent, stakeMicro })),
      verdicts: named.flatMap(({ agent, says }) =>
        says === null ? [] : [{ juror: agent, outcome: says }],
      ),
    }
  })
  return { juries, outcome: final, outcomeCount: OUTCOME_COUNT }
}

function nets({ jurors }: SettledJuries): readonly bigint[] {
  return jurors.map(({ gainedMicro, lostMicro }) => gainedMicro - lostMicro)
}

function netMicro(settled: SettledJuries, members: ReadonlySet<AgentId>): bigint {
  return sumBigint(
    nets({ ...settled, jurors: settled.jurors.filter(({ agent }) => members.has(agent)) }),
  )
}

function never(): never {
  throw new Error('there are enough agents')
}
