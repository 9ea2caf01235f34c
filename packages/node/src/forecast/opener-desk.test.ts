import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command, Ledger } from '@commonweal/protocol'
import { agentOf, ForecastWorld } from '@commonweal/protocol/testing'
import type { QuestionOpener } from '../agent/forecast/question-opener.ts'
import { keepEvents } from '../store/kept-events.ts'
import { createMemoryStore } from '../store/memory.ts'
import { OpenerDesk } from './opener-desk.ts'

/** A desk over a world, with what its opener is told and what it sends. */
function createBench(world: ForecastWorld, store = createMemoryStore()) {
  const topics: string[] = []
  const ledgers: Ledger[] = []
  const commands: Command[] = []
  const opener: QuestionOpener = {
    onAsked: (topic, author) => {
      assert.equal(author, agentOf(0))
      topics.push(topic)
    },
    chooseActs: (ledger) => {
      ledgers.push(ledger)
      return [{ kind: 'question', ...world.wording({ topic: 'next' }) }]
    },
  }
  const desk = new OpenerDesk({
    opener,
    store,
    ledger: () => world.ledger,
    onCommand: (command) => commands.push(command),
  })
  return { desk, topics, ledgers, commands }
}

describe('an opener at its desk', () => {
  it('is told of every question that is asked, in order, and of nothing else', () => {
    const world = new ForecastWorld()
    const { desk, topics, commands } = createBench(world)
    for (const topic of ['one', 'two']) world.ask(0, { topic })
    world.block()
    desk.onEvents(world.events)
    assert.deepEqual(topics, ['one', 'two'])
    assert.deepEqual(commands, [], 'it acts when it is let')
  })

  it('knows after a restart what was ever asked', () => {
    const world = new ForecastWorld()
    for (const topic of ['one', 'two']) world.playQuestion({}, { topic })
    const store = createMemoryStore()
    keepEvents(store, 1, world.events)
    assert.deepEqual(createBench(world, store).topics, ['one', 'two'])
  })

  it('stops nothing where it fails, and whoever listens is told', () => {
    const world = new ForecastWorld()
    const broken = (): never => {
      throw new RangeError('out of ideas')
    }
    const failing = (onFault?: (error: unknown) => void) =>
      new OpenerDesk({
        opener: { onAsked: broken, chooseActs: broken },
        store: createMemoryStore(),
        ledger: () => world.ledger,
        onCommand: () => assert.fail('it sends nothing'),
        ...(onFault === undefined ? {} : { onFault }),
      })
    world.ask(0)
    const told: unknown[] = []
    const desk = failing((error) => told.push(error))
    desk.onEvents(world.events)
    desk.act()
    assert.deepEqual(told.map(String), ['RangeError: out of ideas', 'RangeError: out of ideas'])
    assert.throws(() => failing().act(), RangeError)
  })

  it('has what it wants submitted, by the ledger as it is', () => {
    const world = new ForecastWorld()
    const { desk, ledgers, commands } = createBench(world)
    world.block()
    desk.act()
    assert.deepEqual(ledgers, [world.ledger])
    assert.deepEqual(commands, [
      {
        kind: 'submit',
        body: { kind: 'question', ...world.wording({ topic: 'next' }) },
        tag: null,
      },
    ])
  })
})
