import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { sumBigint } from '../integer.ts'
import { InvariantError, present } from '../invariant.ts'
import { keyedHashSigner } from '../testing/keyed-hash.ts'
import type { Payment } from './emission-share.ts'
import { computeFlow, type Flow } from './flow.ts'
import type { StreamShares } from './stream.ts'

const AGENTS: readonly AgentId[] = Array.from(
  { length: 200 },
  (_, index) => keyedHashSigner(`flow-${index}`).agent,
).toSorted(compareAgents)

type Streams = ReadonlyMap<AgentId, StreamShares>

/** Up to 200 agents, each passing on up to 80 % to some of the others: cycles of every length. */
const network: fc.Arbitrary<{ payments: readonly Payment[]; streams: Streams }> = fc
  .constantFrom(1, 2, 3, 10, 50, AGENTS.length)
  .chain((count) =>
    fc.record({
      payments: fc.array(paymentTo(count), { maxLength: 12 }),
      plans: fc.array(
        fc.record({
          toward: fc.array(fc.nat({ max: count - 1 }), { maxLength: 4 }),
          deltaBps: fc.nat({ max: 8_000 }),
        }),
        { minLength: count, maxLength: count },
      ),
    }),
  )
  .map(({ payments, plans }) => ({
    payments,
    streams: new Map(plans.map((plan, owner) => [agentAt(owner), sharesOf(owner, plan)])),
  }))

function paymentTo(count: number): fc.Arbitrary<Payment> {
  return fc.record({
    source: fc.constantFrom('first', 'second', 'third'),
    agent: fc.nat({ max: count - 1 }).map(agentAt),
    amountMicro: fc.oneof(
      fc.bigInt({ min: 0n, max: 100n }),
      fc.bigInt({ min: 0n, max: 10n ** 10n }),
    ),
  })
}

describe('the flow of emissions', () => {
  it('is conserved exactly and never negative, whatever the graph', () => {
    fc.assert(
      fc.property(network, ({ payments, streams }) => {
        const flow = computeFlow(payments, streams)
        assert.ok(flow.nets.every(({ amountMicro }) => amountMicro > 0n))
        for (const source of ['first', 'second', 'third']) {
          assert.equal(totalOf(flow.nets, source), totalOf(payments, source))
        }
      }),
    )
  })

  it('can be followed: what comes to an agent of a source goes on or stays', () => {
    fc.assert(
      fc.property(network, ({ payments, streams }) => {
        const balance = new Map<string, bigint>()
        const count = (source: string, agent: AgentId, amountMicro: bigint): void => {
          const key = `${source} ${agent}`
          balance.set(key, (balance.get(key) ?? 0n) + amountMicro)
        }
        const flow = computeFlow(payments, streams)
        for (const { source, agent, amountMicro } of payments) count(source, agent, amountMicro)
        for (const { source, from, to, amountMicro } of flow.transfers) {
          count(source, from, -amountMicro)
          count(source, to, amountMicro)
        }
        for (const { source, agent, amountMicro } of flow.nets) count(source, agent, -amountMicro)
        assert.deepEqual(
          [...balance.values()].filter((left) => left !== 0n),
          [],
        )
      }),
    )
  })

  it('comes as near to the fixed point as the spec says', () => {
    fc.assert(
      fc.property(network, ({ payments, streams }) => {
        const one = payments.filter(({ source }) => source === 'first')
        const flow = computeFlow(one, streams)
        const exact = solveFixedPoint(one, streams)
        const kept = keptBy(flow)
        const distance =
          exact.reduce((sum, net, place) => sum + Math.abs(net - (kept[place] ?? 0)), 0) / 2
        const tolerance = toleranceOf(one, streams, flow)
        // A micro-unit for the rounding of floats.
        assert.ok(distance <= tolerance + 1, `${distance} micro-units apart, ${tolerance} admitted`)
      }),
    )
  })

  it('does not depend on the order of payments or streams', () => {
    fc.assert(
      fc.property(network, ({ payments, streams }) => {
        const reversed = computeFlow(payments.toReversed(), new Map([...streams].toReversed()))
        assert.deepEqual(reversed, computeFlow(payments, streams))
      }),
    )
  })

  it('looks at no more shares than it may beyond the first wave, and is still conserved', () => {
    const seen = { stopped: 0 }
    fc.assert(
      fc.property(network, fc.nat({ max: 500 }), ({ payments, streams }, stepCountMax) => {
        const paid = payments.filter(({ source }) => source === 'first')
        const flow = computeFlow(paid, streams, stepCountMax)
        assert.equal(totalOf(flow.nets, 'first'), totalOf(paid, 'first'))
        const free = computeFlow(paid, streams)
        if (flow.waveCount < free.waveCount) seen.stopped += 1
        if (paid.some(({ amountMicro }) => amountMicro >= 10n)) assert.ok(flow.waveCount >= 1)
        const steps = flow.waveCount * Math.min(...[...streams.values()].map((one) => one.length))
        assert.ok(flow.waveCount <= 1 || steps <= stepCountMax)
      }),
    )
    assert.ok(seen.stopped > 3)
  })

  it('ends where a few hundred strangers pass everything round among themselves', () => {
    const shares = (owner: number): StreamShares =>
      AGENTS.flatMap((to, place) =>
        place !== owner && (place - owner + 200) % 200 <= 32 ? [{ to, bps: 250 }] : [],
      )
    const streams = new Map(AGENTS.map((agent, owner) => [agent, shares(owner)]))
    const paid = [{ source: 'first', agent: agentAt(0), amountMicro: 10n ** 15n }]
    assert.equal(computeFlow(paid, streams).waveCount, 64)
    const stopped = computeFlow(paid, streams, 32 + 32 * 32 + 32 * 64 + 32 * 96)
    // One holder, those whom it reaches, whom these reach, and so on: 32 more each time.
    assert.equal(stopped.waveCount, 4)
    assert.equal(totalOf(stopped.nets, 'first'), 10n ** 15n)
  })

  it('stops at a stream that was never checked', () => {
    const streams = new Map([[agentAt(0), [{ to: agentAt(1), bps: 8_001 }]]])
    const payments = [{ source: 'first', agent: agentAt(0), amountMicro: 10n }]
    assert.throws(() => computeFlow(payments, streams), InvariantError)
  })
})

function agentAt(place: number): AgentId {
  return present(AGENTS[place], 'there are 200 agents')
}

function sharesOf(
  owner: number,
  { toward, deltaBps }: { toward: readonly number[]; deltaBps: number },
): StreamShares {
  const receivers = [...new Set(toward)].filter((to) => to !== owner).toSorted((a, b) => a - b)
  const bps = Math.floor(deltaBps / Math.max(1, receivers.length))
  return bps === 0 ? [] : receivers.map((to) => ({ to: agentAt(to), bps }))
}

function totalOf(payments: readonly Payment[], wanted: string): bigint {
  return sumBigint(
    payments.filter(({ source }) => source === wanted).map(({ amountMicro }) => amountMicro),
  )
}

function keptBy({ nets }: Flow): readonly number[] {
  const kept = AGENTS.map(() => 0)
  for (const { agent, amountMicro } of nets) kept[AGENTS.indexOf(agent)] = Number(amountMicro)
  return kept
}

/** n = (1 − δ)·(I − Mᵀ)⁻¹e by Gaussian elimination. The matrix is diagonally dominant by columns: no pivot is needed. */
function solveFixedPoint(payments: readonly Payment[], streams: Streams): readonly number[] {
  const count = AGENTS.length
  const rows = AGENTS.map((_, row) => {
    const cells = new Float64Array(count + 1)
    cells[row] = 1
    return cells
  })
  for (const [owner, shares] of streams) {
    for (const { to, bps } of shares)
      add(rows, AGENTS.indexOf(to), AGENTS.indexOf(owner), -bps / 1e4)
  }
  for (const { agent, amountMicro } of payments) {
    add(rows, AGENTS.indexOf(agent), count, Number(amountMicro))
  }
  for (const [pivot, top] of rows.entries()) {
    for (const row of rows.slice(pivot + 1)) subtract(row, top, pivot)
  }
  const gross = new Float64Array(count)
  for (let place = count - 1; place >= 0; place--) {
    const row = present(rows[place], 'a row for each agent')
    let rest = row[count] ?? 0
    for (let column = place + 1; column < count; column++) {
      rest -= (row[column] ?? 0) * (gross[column] ?? 0)
    }
    gross[place] = rest / (row[place] ?? 1)
  }
  return AGENTS.map((agent, place) => (1 - deltaOf(streams.get(agent) ?? [])) * (gross[place] ?? 0))
}

function add(rows: readonly Float64Array[], row: number, column: number, amount: number): void {
  const cells = present(rows[row], 'a row for each agent')
  cells[column] = (cells[column] ?? 0) + amount
}

function subtract(row: Float64Array, top: Float64Array, pivot: number): void {
  const factor = (row[pivot] ?? 0) / (top[pivot] ?? 1)
  if (factor === 0) return
  for (let column = pivot; column < row.length; column++) {
    row[column] = (row[column] ?? 0) - factor * (top[column] ?? 0)
  }
}

function deltaOf(shares: StreamShares): number {
  return shares.reduce((sum, { bps }) => sum + bps, 0) / 1e4
}

/** [EMI-11] */
function toleranceOf(payments: readonly Payment[], streams: Streams, { waveCount }: Flow): number {
  const all = [...streams.values()]
  const delta = Math.max(0, ...all.map(deltaOf))
  const edgeCount = all.reduce((sum, shares) => sum + shares.length, 0)
  return delta ** waveCount * Number(totalOf(payments, 'first')) + 10 * edgeCount * waveCount
}
