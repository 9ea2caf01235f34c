import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, present } from '@commonweal/protocol'
import { type MarketEvent, MarketReader } from '../../forecast/market-reader.ts'
import { marketEvents } from '../../forecast/weather-chain.ts'
import { parseExperiment } from '../parse-experiment.ts'
import { planRuns } from '../run-plan.ts'
import { setUpWeather } from '../weather-setup.ts'
import { findMissedForecast, type SeenMarketEvent } from './missed-forecast.ts'

const plan = present(
  planRuns(
    parseExperiment(
      'scenario: { kind: forecast, questions: 2, first: 2014-03-01 }\nseeds: [1]',
      'x',
    ),
  )[0],
  'an experiment has a run',
)
const { scenario } = plan.condition
assert.ok(scenario.kind === 'forecast')
const setup = setUpWeather(plan, scenario)
const calm = [...marketEvents(setup.network, setup.chain)]

function agentOf(role: string): AgentId {
  const [agent] = [...setup.network.roles].find(([, known]) => known === role) ?? []
  return present(agent, 'the role is in the chain')
}

function missedIn(events: readonly SeenMarketEvent[]): string | null {
  const reader = new MarketReader()
  for (const event of events) if (event.kind !== 'slashed') reader.take(event)
  return findMissedForecast(setup, { events, rows: reader.rows })
}

/** The events with one changed, or with none in its place. */
function changed(
  change: (event: MarketEvent) => readonly SeenMarketEvent[] | null,
): readonly SeenMarketEvent[] {
  const at = calm.findIndex((event) => change(event) !== null)
  assert.ok(at >= 0, 'there is such an event')
  return calm.flatMap((event, index) => (index === at ? (change(event) ?? []) : [event]))
}

describe('an act that came too late for the market', () => {
  it('is none where all is well', () => assert.equal(missedIn(calm), null))

  it('is a phase that somebody lost its bond for', () => {
    const slashed = {
      kind: 'slashed',
      agent: agentOf('data:wind'),
      offence: 'statement-not-opened',
    } as const
    assert.equal(missedIn([...calm, slashed]), 'data-wind missed its phase: statement-not-opened')
  })

  it('is silence, of who waits for nobody and of who was served', () => {
    for (const [role, name] of [
      ['data:wind', 'data-wind'],
      ['signal:logistic', 'signal-logistic'],
      ['forecaster', 'forecaster'],
    ] as const) {
      const author = agentOf(role)
      const silent = changed((event) =>
        event.kind === 'statement-opened' && event.author === author ? [] : null,
      )
      assert.match(
        missedIn(silent) ?? '',
        new RegExp(
          `^${name} did not seal in time what it says of seattle/2014-03-01/(rain|class)$`,
        ),
      )
    }
  })

  it('is a seal before that of a supplier', () => {
    const author = agentOf('signal:markov')
    const hasty = changed((event) =>
      event.kind === 'statement-opened' && event.author === author
        ? [{ ...event, order: 0 }]
        : null,
    )
    assert.match(missedIn(hasty) ?? '', /^signal-markov did not wait for data-\w+ on seattle/)
  })

  it('is a signal that a forecaster does not name among its grounds, though it was served', () => {
    const author = agentOf('forecaster')
    const deaf = changed((event) => {
      if (event.kind !== 'statement-opened' || event.author !== author) return null
      const { statement } = event
      return [{ ...event, statement: { ...statement, parents: statement.parents.slice(1) } }]
    })
    assert.match(missedIn(deaf) ?? '', /^forecaster did not hear signal-\w+ on seattle/)
  })

  it('is a stream that changes when the next question has opened', () => {
    const settled = calm.findIndex(({ kind }) => kind === 'emission-settled')
    const asked = calm.findIndex(({ kind }, index) => kind === 'question-asked' && index > settled)
    const question = calm[asked]
    assert.ok(question?.kind === 'question-asked')
    const setAt = (fromHeight: number): readonly SeenMarketEvent[] => [
      ...calm.slice(0, asked + 1),
      { kind: 'stream-set', agent: agentOf('forecaster'), fromHeight, shares: [] },
      ...calm.slice(asked + 1),
    ]
    const { openHeight } = question.body
    assert.equal(missedIn(setAt(openHeight)), null)
    assert.equal(
      missedIn(setAt(openHeight + 1)),
      'forecaster changed its streams after seattle/2014-03-02/rain had opened',
    )
  })

  it('is a question that is void', () => {
    const unresolved = changed((event) =>
      event.kind === 'question-settled' ? [{ ...event, outcome: null }] : null,
    )
    assert.equal(missedIn(unresolved), 'seattle/2014-03-01/rain was not resolved in time')
  })

  it('is a question that is open when the other of its day is settled', () => {
    const first = calm.findIndex(({ kind }) => kind === 'question-settled')
    const settled = calm[first]
    assert.ok(settled?.kind === 'question-settled')
    const opened = calm.findLastIndex(
      (event, index) =>
        index < first && event.kind === 'statement-opened' && event.question !== settled.question,
    )
    const late = [
      ...calm.slice(0, opened),
      ...calm.slice(opened + 1, first + 2),
      present(calm[opened], 'a statement was opened'),
      ...calm.slice(first + 2),
    ]
    assert.match(missedIn(late) ?? '', /was still open when another question was settled/)
  })
})
