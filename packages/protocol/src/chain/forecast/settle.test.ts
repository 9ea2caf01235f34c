import assert from 'node:assert/strict'
import { it } from 'node:test'
import { computeFlow, FLOW_STEP_COUNT_MAX } from '../../emission/flow.ts'
import type { StreamShares } from '../../emission/stream.ts'
import { compareAgents } from '../../identity/agent-id.ts'
import { agentOf, ForecastWorld, reporting } from '../../testing/index.ts'
import { streams } from './market.ts'

const COUNT = 600
/** They pass all that they may round among themselves, each to 32 others: 19 200 shares a wave. */
const STRANGERS = Array.from({ length: COUNT }, (_, index) =>
  agentOf(`stranger ${index}`),
).toSorted(compareAgents)

function sharesOf(owner: number): StreamShares {
  return STRANGERS.flatMap((to, place) => {
    const ahead = (place - owner + COUNT) % COUNT
    return ahead > 0 && ahead <= 32 ? [{ to, bps: 250 }] : []
  })
}

it('questions of one epoch share what may be looked at of streams, however many they are', () => {
  const world = new ForecastWorld({
    forecast: { schedule: { epochMicro: 10n ** 13n, halvingEpochs: 1 } },
  })
  const [first] = STRANGERS
  assert.ok(first !== undefined)
  const draft = { ledger: world.ledger }
  for (const [owner, agent] of STRANGERS.entries()) {
    streams.put(draft, agent, [{ fromHeight: 1, shares: sharesOf(owner) }])
  }
  streams.put(draft, agentOf(1), [{ fromHeight: 1, shares: [{ to: first, bps: 8_000 }] }])
  world.ledger = draft.ledger

  const openHeight = world.head.height + 3
  const ids = [1, 2].map((weight) => world.ask(0, { weight, openHeight }))
  world.advanceTo(openHeight - 1)
  world.block(...ids.map((id) => ['1', world.sealStatement('1', id, reporting(6_000))] as const))
  world.advanceToStage(ids[0] ?? never(), 'revealing')
  world.block(...ids.map((id) => ['1', world.openStatement('1', id, reporting(6_000))] as const))
  world.advanceTo(openHeight + 7)
  world.block(...ids.map((id) => ['0', world.resolution(id)] as const))
  while (ids.some((id) => world.hasQuestion(id))) world.endEpoch()

  const { payments, transfers } = world.lastEvent('emission-settled')
  assert.equal(payments.length, 2)
  const inForce = new Map(STRANGERS.map((agent, owner) => [agent, sharesOf(owner)]))
  inForce.set(agentOf(1), [{ to: first, bps: 8_000 }])
  const halves = computeFlow(payments, inForce, FLOW_STEP_COUNT_MAX / 2)
  const bySource = ids.flatMap((id) => transfers.filter(({ source }) => source === id))
  const expected = ids.flatMap((id) => halves.transfers.filter(({ source }) => source === id))
  assert.deepEqual(bySource, expected)
  assert.ok(halves.waveCount < computeFlow(payments, inForce).waveCount)
})

function never(): never {
  throw new Error('there are two questions')
}
