import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentOf } from '@commonweal/protocol/testing'
import type { NodeApi } from '../node-api.ts'
import { CommandError } from '../usage-error.ts'
import { readMarketEvents } from './market-event.ts'
import { createMarketHistory, type QuestionHistory, readMarketHistory } from './market-history.ts'
import { getMarket } from './market-view.ts'
import { playMarket } from './played-market.ts'

const played = playMarket()
const history = await readMarketHistory(played.market.api())

function questionOf(id: string): QuestionHistory {
  const found = history.questions.find((question) => question.id === id)
  assert.ok(found !== undefined)
  return found
}

describe('the history of a market', () => {
  it('is the same, however the node cuts its pages', async () => {
    for (const pageSize of [12, 13, 20, 50]) {
      assert.deepEqual(await readMarketHistory(played.market.api(pageSize)), history)
    }
  })

  it('has the questions in the order of their asking, and how each ended', () => {
    const { rain, withheld, void: voided, disputed, live } = played
    assert.deepEqual(
      history.questions.map(({ id }) => id),
      [rain, withheld, voided, disputed, live],
    )
    const outcomes = history.questions.map(({ end }) =>
      end?.kind === 'settled' ? end.outcome : end,
    )
    assert.deepEqual(outcomes, [1, 0, null, 1, null])
    assert.equal(questionOf(live).end, null)
  })

  it('has statements by snapshot and then by the place of the seal', () => {
    const said = questionOf(played.rain).statements.map(({ author, snapshot, order }) => [
      played.market.nameOf(author),
      snapshot,
      order,
    ])
    const expected = [
      ['4', 0, 0],
      ['3', 0, 1],
      ['1', 0, 2],
      ['2', 0, 3],
      ['1', 1, 4],
    ]
    assert.deepEqual(said, expected)
  })

  it('knows who kept a report back, on the question for which the bond was taken alone', () => {
    const withheld = history.questions.map((question) => question.withheld)
    assert.deepEqual(withheld, [[], [agentOf('2')], [], [], []])
  })

  it('tells by the bond alone who kept back one of several statements', async () => {
    const events = await readMarketEvents(played.market.api())
    const late = events.filter(({ event }) => event.kind !== 'question-settled')
    const question = createMarketHistory(late).questions.find(({ id }) => id === played.withheld)
    assert.deepEqual(question?.withheld, [agentOf('2')])
    // A bond that is taken after the question went on, or in another block, is for another question.
    const shifted = late.map((one) =>
      one.event.kind === 'slashed' ? { ...one, height: one.height - 1 } : one,
    )
    const other = createMarketHistory(shifted).questions.find(({ id }) => id === played.withheld)
    assert.deepEqual(other?.withheld, [])
  })

  it('takes a bond for that of the question that goes on next, and of no other in the block', async () => {
    const events = await readMarketEvents(played.market.api())
    const place = events.findIndex(({ event }) => event.kind === 'slashed')
    const goesOn = events[place + 1]
    assert.ok(goesOn?.event.kind === 'question-stage' && goesOn.event.stage === 'waiting')
    const other = { height: goesOn.height, event: { ...goesOn.event, question: played.rain } }
    const mixed = [...events.slice(0, place + 2), other, ...events.slice(place + 2)]
    const withheld = createMarketHistory(mixed).questions.map((question) => question.withheld)
    assert.deepEqual(withheld, [[], [agentOf('2')], [], [], []])
  })

  it('has the juries of a dispute', () => {
    const [jury, ...more] = questionOf(played.disputed).juries
    assert.deepEqual(more, [])
    assert.deepEqual(
      [jury?.round, jury?.jurors.length, jury?.result, jury?.outcome],
      [1, 3, 'decided', 1],
    )
  })

  it('has all amounts as the ledger has them', () => {
    const events = played.market.events.filter((event) => event.kind === 'emission-settled')
    assert.deepEqual(
      history.emissions.map(({ height: _height, ...emission }) => ({
        kind: 'emission-settled',
        ...emission,
      })),
      events,
    )
    assert.ok(history.emissions.some(({ payments }) => payments.length > 1))
  })

  it('of a node that came late passes over questions whose asking it did not see', async () => {
    const events = await readMarketEvents(played.market.api())
    const late = createMarketHistory(events.filter(({ height }) => height > 15))
    assert.ok(late.questions.every(({ id }) => id !== played.rain))
    assert.deepEqual(
      late.emissions,
      history.emissions.filter(({ height }) => height > 15),
    )
    assert.ok(late.emissions.some(({ payments }) => payments[0]?.source === played.rain))
  })
})

describe('a node that answers', () => {
  const answering = (answer: unknown): NodeApi => ({
    ...played.market.api(),
    get: async () => answer,
  })

  it('something that no event is, is not understood', async () => {
    const event = { kind: 'slashed', agent: agentOf('1'), offence: 'rudeness', amountMicro: '1' }
    const api = answering({ events: [{ height: 1, event }], next: null })
    await assert.rejects(readMarketHistory(api), CommandError)
    await assert.rejects(readMarketHistory(answering({ events: 'none' })), CommandError)
  })

  it('an event of a kind that is not known is read all the same', async () => {
    const api = answering({ events: [{ height: 1, event: { kind: 'eclipse' } }], next: null })
    assert.deepEqual(await readMarketHistory(api), { questions: [], emissions: [], streams: [] })
  })

  it('pages that never end is not asked for ever', async () => {
    const api = answering({ events: [], next: 0 })
    await assert.rejects(readMarketHistory(api), /pages do not end/)
  })
})

it('the market as it is has the live question and all locks', async () => {
  const view = await getMarket(played.market.api())
  assert.deepEqual(
    view.questions.map(({ id, stage }) => [id, stage.at]),
    [[played.live, 'open']],
  )
  assert.equal(view.locks.length, 2)
})
