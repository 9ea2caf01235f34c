import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { AgentId } from '../identity/agent-id.ts'
import { sumBigint } from '../integer.ts'
import { InvariantError } from '../invariant.ts'
import { keyedHashSigner } from '../testing/keyed-hash.ts'
import { shareEmission } from './emission-share.ts'
import { type Report, reportFloorBps } from './report.ts'
import { type QuestionToScore, type Reporter, scoreQuestion, usefulness } from './score-update.ts'

const AGENTS: readonly AgentId[] = Array.from(
  { length: 30 },
  (_, index) => keyedHashSigner(`forecaster-${index}`).agent,
)

function reportOf(outcomeCount: number): fc.Arbitrary<Report> {
  const floorBps = reportFloorBps(outcomeCount)
  const freeBps = 10_000 - outcomeCount * floorBps
  return fc
    .array(fc.nat({ max: freeBps }), { minLength: outcomeCount - 1, maxLength: outcomeCount - 1 })
    .map((cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), freeBps]
      return edges.slice(1).map((edge, index) => floorBps + edge - (edges[index] ?? 0))
    })
}

/** From dust to almost all that there can be. */
const weight = fc.oneof(
  fc.bigInt({ min: 1n, max: 200n }),
  fc.bigInt({ min: 1n, max: 10n ** 9n }),
  fc.bigInt({ min: 1n, max: 2n ** 61n }),
)

const question: fc.Arbitrary<QuestionToScore> = fc
  .record({
    outcomeCount: fc.constantFrom(2, 3, 5, 11, 64),
    snapshotCount: fc.constantFrom(1, 2, 7, 32),
    agents: fc.subarray([...AGENTS], { minLength: 1 }),
    hasHouse: fc.boolean(),
    bound: fc.option(fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 4n }), weight)),
  })
  .chain(({ outcomeCount, snapshotCount, agents, hasHouse, bound }) => {
    const report = reportOf(outcomeCount)
    const said = fc.oneof({ weight: 8, arbitrary: report }, fc.constant('withheld' as const))
    const reports = fc.array(fc.option(said, { freq: 4 }), {
      minLength: snapshotCount,
      maxLength: snapshotCount,
    })
    return fc.record({
      ...(bound === null ? {} : { stakeMaxMicro: fc.constant(bound) }),
      outcomeCount: fc.constant(outcomeCount),
      outcomeIndex: fc.nat({ max: outcomeCount - 1 }),
      snapshotWeightsBps: fc.constant(evenWeights(snapshotCount)),
      house: hasHouse ? fc.record({ weightMicro: weight, reference: report }) : fc.constant(null),
      reporters: fc.tuple(
        ...agents.map((agent) =>
          fc.record({ agent: fc.constant(agent), weightMicro: weight, reports }),
        ),
      ),
    })
  })

describe('the weighted-score update', () => {
  it('conserves the sum of weights exactly and leaves everybody some', () => {
    fc.assert(
      fc.property(question, (given) => {
        const scored = scoreQuestion(given)
        assert.equal(totalOf(scored.reporters, scored.houseMicro), totalBefore(given))
        for (const { weightMicro, earningMicroBps } of scored.reporters) {
          assert.ok(weightMicro > 0n && earningMicroBps >= 0n)
        }
      }),
    )
  })

  it('where juries answer, is worth at most a quarter of the bound to any set of agents that flips it or makes it void', () => {
    const seen = { moved: 0 }
    fc.assert(
      fc.property(question, weight, fc.nat(), fc.nat(), (given, stakeMaxMicro, mask, other) => {
        const coalition = new Set(AGENTS.filter((_, index) => (mask >> index) % 2 === 1))
        const weightWith = (outcomeIndex: number): bigint => {
          const { reporters } = scoreQuestion({ ...given, stakeMaxMicro, outcomeIndex })
          return totalOf(
            reporters.filter(({ agent }) => coalition.has(agent)),
            null,
          )
        }
        const mine = given.reporters.filter(({ agent }) => coalition.has(agent))
        const came = weightWith(given.outcomeIndex)
        const gains = [weightWith(other % given.outcomeCount) - came, totalOf(mine, null) - came]
        // Each snapshot rounds by less than a micro-unit for each of those awake.
        const rounding = BigInt(given.snapshotWeightsBps.length * (given.reporters.length + 1))
        for (const gain of gains) {
          if (gain > 0n) seen.moved += 1
          assert.ok(gain <= stakeMaxMicro / 4n + rounding, `${gain}`)
        }
      }),
    )
    assert.ok(seen.moved > 5)
  })

  it('does not depend on the order of the reporters', () => {
    fc.assert(
      fc.property(question, fc.infiniteStream(fc.nat()), (given, keys) => {
        const shuffled = given.reporters
          .map((reporter) => ({ reporter, key: keys.next().value }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ reporter }) => reporter)
        const scored = scoreQuestion(given)
        assert.deepEqual(scoreQuestion({ ...given, reporters: shuffled }), scored)
      }),
    )
  })

  it('with the emission shared, pays no more than there is, and states the rest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(question, fc.bigInt({ min: 1n, max: 1_000n })), { maxLength: 6 }),
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        (questions, emissionMicro, absentMicro) => {
          const earning = questions.map(([given, questionWeight], index) => ({
            source: `question-${index}`,
            weight: questionWeight,
            totalMicro: totalBefore(given) + absentMicro,
            earnings: scoreQuestion(given).reporters,
            budgetMaxMicro: null,
          }))
          const { payments, unmintedMicro } = shareEmission(emissionMicro, earning)
          const paidMicro = sumBigint(payments.map(({ amountMicro }) => amountMicro))
          assert.equal(paidMicro + unmintedMicro, emissionMicro)
          assert.ok(unmintedMicro >= 0n && payments.every(({ amountMicro }) => amountMicro > 0n))
        },
      ),
    )
  })

  it('moves weight from the worse to the better report', () => {
    const scored = scoreQuestion(
      equalStakes([
        [8_000, 2_000],
        [5_000, 5_000],
        [2_000, 8_000],
      ]),
    )
    const [best, middle, worst] = scored.reporters.map(({ weightMicro }) => weightMicro)
    assert.ok(best !== undefined && middle !== undefined && worst !== undefined)
    assert.ok(best > 1_000_000n && worst < 1_000_000n && best > middle && middle > worst)
  })

  it('gives two names below the cap what it gives to one', () => {
    const others: readonly Report[] = Array.from({ length: 10 }, () => [6_000, 4_000])
    const given = equalStakes([[7_000, 3_000], ...others])
    const [one, ...rest] = given.reporters
    const [, spare] = AGENTS.slice(given.reporters.length)
    assert.ok(one !== undefined && spare !== undefined)
    const halves = [one.agent, spare].map((agent) => ({ ...one, agent, weightMicro: 500_000n }))
    const whole = scoreQuestion(given)
    const split = scoreQuestion({ ...given, reporters: [...halves, ...rest] })
    const names = new Set<AgentId>([one.agent, spare])
    const after = (scored: typeof whole): bigint =>
      sumBigint(
        scored.reporters.filter(({ agent }) => names.has(agent)).map((row) => row.weightMicro),
      )
    const difference = after(whole) - after(split)
    assert.ok(difference >= -1n && difference <= 1n, `${difference} micro-units apart`)
  })

  it('takes from who keeps a sealed report back as much as from the worst report, and pays it nothing', () => {
    const others: readonly Report[] = Array.from({ length: 9 }, () => [6_000, 4_000])
    const given = equalStakes([[100, 9_900], ...others])
    const [first, ...rest] = given.reporters
    assert.ok(first !== undefined)
    const withheld = scoreQuestion({
      ...given,
      reporters: [{ ...first, reports: ['withheld'] }, ...rest],
    })
    const worst = scoreQuestion(given)
    assert.equal(withheld.reporters[0]?.weightMicro, worst.reporters[0]?.weightMicro)
    assert.equal(withheld.reporters[0]?.earningMicroBps, 0n)
    assert.deepEqual(withheld.reporters.slice(1), worst.reporters.slice(1))
  })

  it('gives nothing at the floor and everything to certainty', () => {
    assert.equal(usefulness(100, 2), 0n)
    assert.equal(usefulness(10_000, 2), 1_000_000_000n)
    assert.equal(usefulness(90, 11), 0n)
  })

  it('stops at what the ledger must never hand it', () => {
    const given = equalStakes([
      [5_000, 5_000],
      [6_000, 4_000],
    ])
    const [first] = given.reporters
    assert.ok(first !== undefined)
    const wrong: readonly Partial<QuestionToScore>[] = [
      { reporters: [first, first] },
      { reporters: [{ ...first, weightMicro: 0n }] },
      { reporters: [{ ...first, reports: [] }] },
      { reporters: [{ ...first, reports: [[50, 9_950]] }] },
      { snapshotWeightsBps: [9_999] },
      { snapshotWeightsBps: [], reporters: [] },
      { snapshotWeightsBps: evenWeights(33), reporters: [] },
      { outcomeIndex: 2 },
    ]
    for (const change of wrong) {
      assert.throws(() => scoreQuestion({ ...given, ...change }), InvariantError)
    }
  })
})

/** One snapshot, two outcomes of which the first came true, no house, a token of weight each. */
function equalStakes(reports: readonly Report[]): QuestionToScore {
  const agents = AGENTS.toSorted()
  const reporters = reports.flatMap((report, index): Reporter[] => {
    const agent = agents[index]
    return agent === undefined ? [] : [{ agent, weightMicro: 1_000_000n, reports: [report] }]
  })
  return { outcomeCount: 2, outcomeIndex: 0, snapshotWeightsBps: [10_000], house: null, reporters }
}

function evenWeights(count: number): readonly number[] {
  const each = Math.floor(10_000 / count)
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? 10_000 - each * (count - 1) : each,
  )
}

function totalBefore({ reporters, house }: QuestionToScore): bigint {
  return totalOf(reporters, house?.weightMicro ?? null)
}

function totalOf(rows: readonly { weightMicro: bigint }[], houseMicro: bigint | null): bigint {
  return sumBigint(rows.map(({ weightMicro }) => weightMicro)) + (houseMicro ?? 0n)
}
