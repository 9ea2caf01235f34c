import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ForecastBody, Receipt } from '@commonweal/protocol'
import { agentOf, ForecastWorld } from '@commonweal/protocol/testing'
import { madeDays } from './made-days.ts'
import { WeatherRegistrar, type WeatherResolution } from './registrar.ts'
import { outcomeOf, parseTopic } from './topic.ts'

const HISTORY_COUNT = 40
const RESEND_HEIGHTS = 20
const days = madeDays('2014-01-01', HISTORY_COUNT + 3, (index) =>
  index % 2 === 0 ? { precipitation: 7, class: 2 } : {},
)
const first = days[HISTORY_COUNT]?.date ?? ''

function create(dayCount = 2, resolution: WeatherResolution = 'record'): WeatherRegistrar {
  return new WeatherRegistrar({
    agent: agentOf(0),
    days,
    first,
    dayCount,
    windowHeights: 8,
    resolution,
  })
}

/** What a registrar wants after this block. It is told of all that the world has asked since the last time. */
function actsIn(world: ForecastWorld, registrar: WeatherRegistrar, told: { count: number }) {
  for (const event of world.events.slice(told.count)) {
    if (event.kind === 'question-asked') registrar.onAsked(event.body.topic, event.author)
  }
  told.count = world.events.length
  return registrar.chooseActs(world.ledger)
}

function take(world: ForecastWorld, acts: readonly ForecastBody[]): readonly Receipt['code'][] {
  return world.block(...acts.map((act) => [0, act] as const)).map(({ code }) => code)
}

/** Plays block by block all that the registrar wants; what it wanted at each height where it wanted something. */
function play(world: ForecastWorld, registrar: WeatherRegistrar, heights: number) {
  const told = { count: 0 }
  const wanted: (readonly ForecastBody['kind'][])[] = []
  for (let count = 0; count < heights; count += 1) {
    const acts = actsIn(world, registrar, told)
    if (acts.length > 0) wanted.push(acts.map(({ kind }) => kind))
    for (const code of take(world, acts)) assert.equal(code, 'ok')
  }
  return wanted
}

const topicsOf = (acts: readonly ForecastBody[]): readonly string[] =>
  acts.flatMap((act) => (act.kind === 'question' ? [act.topic] : []))

describe('a registrar', () => {
  it('asks day after day, each when the one before is settled, resolves each question once, and stops', () => {
    const world = new ForecastWorld()
    const wanted = play(world, create(), 400)
    const day = [['question', 'question'], ['resolve'], ['resolve']]
    assert.deepEqual(wanted, [...day, ...day])
    const settled = world.events.flatMap((event) =>
      event.kind === 'question-settled' ? [event] : [],
    )
    const asked = new Map(
      world.events.flatMap((event) =>
        event.kind === 'question-asked' ? [[event.question, event.body.topic] as const] : [],
      ),
    )
    assert.deepEqual(
      new Set(asked.values()),
      new Set(
        [0, 1].flatMap((index) => {
          const date = days[HISTORY_COUNT + index]?.date
          return [`seattle/${date}/rain`, `seattle/${date}/class`]
        }),
      ),
    )
    assert.equal(settled.length, 4)
    for (const { question, outcome } of settled) {
      const topic = parseTopic(asked.get(question) ?? '')
      const record = days.find(({ date }) => date === topic?.date)
      assert.ok(topic !== null && record !== undefined)
      assert.equal(
        outcome,
        outcomeOf(topic.kind, record.columns),
        'it came true what the record says',
      )
    }
  })

  it('resolves whether it rained first, and the class when that is settled: each is paid by an epoch of its own', () => {
    const world = new ForecastWorld()
    play(world, create(), 400)
    const topics = new Map(
      world.events.flatMap((event) =>
        event.kind === 'question-asked' ? [[event.question, event.body.topic] as const] : [],
      ),
    )
    const told = world.events.flatMap((event): readonly (string | number | undefined)[] => {
      if (event.kind === 'emission-settled') return [event.epoch]
      if (event.kind !== 'question-settled') return []
      return [parseTopic(topics.get(event.question) ?? '')?.kind]
    })
    const settled = told.filter((one) => typeof one === 'string')
    assert.deepEqual(settled, ['rain', 'class', 'rain', 'class'])
    for (const [index, one] of told.entries()) {
      if (typeof one === 'string') assert.equal(typeof told[index + 1], 'number')
    }
  })

  it('opens questions late enough for streams that were set when the last were settled', () => {
    const settledHeights: number[] = []
    const world = new ForecastWorld()
    const [registrar, told] = [create(), { count: 0 }]
    for (let count = 0; count < 400; count += 1) {
      const before = world.events.length
      take(world, actsIn(world, registrar, told))
      for (const event of world.events.slice(before)) {
        if (event.kind === 'question-settled') settledHeights.push(world.head.height)
        if (event.kind !== 'question-asked' || settledHeights.length === 0) continue
        const sinceSettled = event.body.openHeight - (settledHeights.at(-1) ?? 0)
        assert.ok(sinceSettled > 8, `${sinceSettled} heights`)
      }
    }
    assert.equal(settledHeights.length, 4)
  })

  it('asks nothing while a question of its own is not settled', () => {
    const world = new ForecastWorld()
    const [registrar, told] = [create(), { count: 0 }]
    const [one] = actsIn(world, registrar, told)
    assert.ok(one !== undefined)
    take(world, [one])
    world.block()
    assert.deepEqual(actsIn(world, registrar, told), [])
  })

  it('asks again after 20 heights for what is in no block, and for nothing else', () => {
    const world = new ForecastWorld()
    const [registrar, told] = [create(), { count: 0 }]
    const lost = actsIn(world, registrar, told)
    const atHeight = world.head.height
    while (world.head.height < atHeight + RESEND_HEIGHTS - 1) {
      world.block()
      assert.deepEqual(actsIn(world, registrar, told), [])
    }
    world.block()
    const again = actsIn(world, registrar, told)
    assert.deepEqual(topicsOf(again), topicsOf(lost))
    assert.deepEqual(take(world, again), ['ok', 'ok'], 'with heights that have not passed')
    world.advanceTo(world.head.height + 7)
    assert.deepEqual(actsIn(world, registrar, told), [])
  })

  it('sends a resolution again after 20 heights that is in no block', () => {
    const world = new ForecastWorld()
    const [registrar, told] = [create(), { count: 0 }]
    take(world, actsIn(world, registrar, told))
    const heights: number[] = []
    while (heights.length < 2) {
      world.block()
      const acts = actsIn(world, registrar, told)
      if (acts.length === 0) continue
      assert.deepEqual(
        acts.map(({ kind }) => kind),
        ['resolve'],
      )
      heights.push(world.head.height)
    }
    assert.equal((heights[1] ?? 0) - (heights[0] ?? 0), RESEND_HEIGHTS)
  })

  it('goes on after a restart where it was', () => {
    const world = new ForecastWorld()
    play(world, create(), 6)
    assert.equal(world.market.questionCount, 2, 'it stops in the midst of a day')
    const wanted = play(world, create(), 400)
    assert.deepEqual(wanted, [
      ['resolve'],
      ['resolve'],
      ['question', 'question'],
      ['resolve'],
      ['resolve'],
    ])
  })

  it('asks only what it has not asked, whatever strangers have', () => {
    const world = new ForecastWorld()
    const registrar = create()
    registrar.onAsked(`seattle/${first}/rain`, agentOf(0))
    registrar.onAsked(`seattle/${first}/class`, agentOf(1))
    assert.deepEqual(topicsOf(registrar.chooseActs(world.ledger)), [`seattle/${first}/class`])
  })

  it('asks about no day behind the end of the series', () => {
    const world = new ForecastWorld()
    const wanted = play(world, create(10), 600)
    assert.equal(wanted.filter(([kind]) => kind === 'question').length, 3)
  })

  it('leaves the answer to whoever bonds for it, where it is told to, and asks on when that is settled', () => {
    const world = new ForecastWorld({ agents: 6 })
    const wanted = play(world, create(2, 'assertion'), 400)
    assert.deepEqual(wanted, [
      ['question', 'question'],
      ['question', 'question'],
    ])
    const asked = world.events.flatMap((event) =>
      event.kind === 'question-asked' ? [event.body.resolver.kind] : [],
    )
    assert.deepEqual(new Set(asked), new Set(['schelling']))
    const outcomes = world.events.flatMap((event) =>
      event.kind === 'question-settled' ? [event.outcome] : [],
    )
    assert.deepEqual(outcomes, [null, null, null, null], 'nobody answered')
  })

  it('leaves alone what its operator asks by hand of other data', () => {
    const world = new ForecastWorld()
    world.ask(0)
    const wanted = play(world, create(), 400)
    assert.deepEqual(wanted[0], ['question', 'question'])
    assert.equal(wanted.flat().filter((kind) => kind === 'resolve').length, 4)
  })
})
