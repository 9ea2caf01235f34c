import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  type Cid,
  cidOf,
  digestOf,
  drawJury,
  encode,
  flippingBudgetMicro,
  type Juror,
  settleJuries,
  TOKEN_MICRO,
} from '@commonweal/protocol'
import { agentOf, type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket, settle } from './forecaster.ts'

const DRAWS = 1_000
const SIZE = 7
/** More than 65 % of seven verdicts. */
const DECIDING = 5
const HONEST = jurors('honest', 90, 10n * TOKEN_MICRO)
/** A tenth of all bonds, under one name, ten and four hundred. */
const WHOLE = jurors('mine', 1, 100n * TOKEN_MICRO)
const TENS = jurors('mine', 10, 10n * TOKEN_MICRO)
const DUST = jurors('mine', 400, TOKEN_MICRO / 4n)

function jurors(name: string, count: number, stakeMicro: bigint): readonly Juror[] {
  return Array.from({ length: count }, (_, index) => ({
    agent: agentOf(`${name} ${index}`),
    stakeMicro,
  }))
}

/** Seats that the attacker has in each of a thousand juries. */
function seatsOf(mine: readonly Juror[], draws = DRAWS): readonly (readonly AgentId[])[] {
  const names = new Set(mine.map(({ agent }) => agent))
  const question = cidOf(encode('question'))
  return Array.from({ length: draws }, (_, draw) => {
    const beacon = digestOf(Uint8Array.of(draw >> 8, draw & 255))
    const drawn = drawJury({
      eligible: [...HONEST, ...mine],
      size: SIZE,
      beacon,
      question,
      round: 1,
    })
    assert.ok(drawn !== 'too-few')
    return drawn.filter((agent) => names.has(agent))
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('split a bond into many names to fill juries', () => {
  const [whole, tens, dust] = [WHOLE, TENS, DUST].map((mine) =>
    seatsOf(mine).map(({ length }) => length),
  )

  it('gives seats in proportion to the stake: a tenth of seven', () => {
    // Three standard errors of a binomial are .075.
    for (const seats of [tens, dust]) {
      const found = mean(seats ?? [])
      assert.ok(Math.abs(found - 0.7) < 0.08, `${found}`)
    }
    // One name has one seat at most, so the whole stake under it has fewer.
    const one = mean(whole ?? [])
    assert.ok(one < 0.6 && one > 0.4, `${one}`)
  })

  it('does not decide a jury: five of seven seats came in none of a thousand', () => {
    for (const seats of [tens, dust]) assert.ok(Math.max(...(seats ?? [])) < DECIDING)
  })

  it('earns less with as many seats: what a seat gains is a part of what it risks', () => {
    const liars = jurors('liar', 2, 10n * TOKEN_MICRO)
    const gain = (mine: readonly Juror[]): { readonly gained: bigint; readonly risked: bigint } => {
      const sitting = [...mine, ...HONEST.slice(0, SIZE - 2 - mine.length), ...liars]
      const verdicts = sitting.map(({ agent }) => ({
        juror: agent,
        outcome: liars.some((liar) => liar.agent === agent) ? 1 : 0,
      }))
      const settled = settleJuries({
        juries: [{ jurors: sitting, verdicts }],
        outcome: 0,
        outcomeCount: 2,
      })
      const names = new Set(mine.map(({ agent }) => agent))
      const gained = settled.jurors.filter(({ agent }) => names.has(agent))
      return {
        gained: gained.reduce((sum, { gainedMicro }) => sum + gainedMicro, 0n),
        risked: mine.reduce((sum, { stakeMicro }) => sum + stakeMicro / 10n, 0n),
      }
    }
    const [few, many] = [gain(TENS.slice(0, 2)), gain(DUST.slice(0, 2))]
    // Of 2 tokens that the liars lose: 2 of 5 parts, and .05 of 3.05.
    assert.deepEqual([few.gained, few.risked], [800_000n, 2n * TOKEN_MICRO])
    assert.deepEqual([many.gained, many.risked], [32_786n, 50_000n])
  })

  it('costs a tenth of every seat that lies', () => {
    const lie = (mine: readonly Juror[]): bigint => {
      const sitting = [...mine, ...HONEST.slice(0, SIZE - mine.length)]
      const verdicts = sitting.map(({ agent }, index) => ({
        juror: agent,
        outcome: index < mine.length ? 1 : 0,
      }))
      const juries = [{ jurors: sitting, verdicts }]
      return settleJuries({ juries, outcome: 0, outcomeCount: 2 }).jurors.reduce(
        (sum, { lostMicro }) => sum + lostMicro,
        0n,
      )
    }
    assert.equal(lie(TENS.slice(0, 2)), 2n * TOKEN_MICRO)
    assert.equal(lie(DUST.slice(0, 2)), TOKEN_MICRO / 20n)
  })

  it('lowers what questions may be paid as far as it lowers what a seat risks', () => {
    const stakes = (mine: readonly Juror[]) =>
      [...HONEST, ...mine].map(({ stakeMicro }) => stakeMicro)
    // Four verdicts may decide: a token each at risk, or a fortieth.
    assert.equal(flippingBudgetMicro(stakes(TENS), [SIZE]), 4n * TOKEN_MICRO)
    assert.equal(flippingBudgetMicro(stakes(DUST), [SIZE]), TOKEN_MICRO / 10n)
  })
})

describe('bonds of a micro-token', () => {
  /** What a question that people answer is paid in all, where some names have so little bonded. */
  function paidBeside(dustCount: number, validatorBondMinMicro: bigint): bigint {
    const consensus = {
      deltaMs: 100,
      blockIntervalMs: 50,
      retryMs: 200,
      viewGapMax: 32,
      validatorCountMax: 16,
      validatorBondMinMicro,
    }
    const world = createMarket({ agents: 12, genesis: { consensus } })
    for (let index = 0; index < dustCount; index += 1) {
      const name = `dust ${index}`
      world.act('6', { kind: 'transfer', to: agentOf(name), amountMicro: TOKEN_MICRO })
      world.act(name, { kind: 'bond', amountMicro: 1n })
    }
    const id = world.ask(0, { resolver: { kind: 'schelling' } })
    answer(world, id)
    return world
      .lastEvent('emission-settled')
      .payments.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
  }

  it('known limit: two of them leave nothing of the pay, unless the genesis asks for more to be a validator', () => {
    const plain = paidBeside(0, 1n)
    assert.ok(plain > 10n * TOKEN_MICRO)
    assert.equal(paidBeside(2, 1n), 0n)
    assert.equal(paidBeside(2, TOKEN_MICRO), plain)
  })
})

function answer(world: ForecastWorld, id: Cid): void {
  const names = ['0', '1', '2', '3', '4', '5']
  world.advanceTo(world.question(id).openHeight - 1)
  world.block(...names.map((name) => [name, world.sealStatement(name, id, SAID)] as const))
  world.advanceToStage(id, 'revealing')
  world.block(...names.map((name) => [name, world.openStatement(name, id, SAID)] as const))
  world.advanceTo(world.question(id).resolveHeight - 1)
  world.act('7', { kind: 'assert', question: id, outcome: 0 })
  settle(world, id)
}

const SAID = reporting(6_000)
