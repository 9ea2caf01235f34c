import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, computeFlow, type Payment } from '@commonweal/protocol'
import { agentOf } from '@commonweal/protocol/testing'
import * as fc from 'fast-check'
import { createOutput, formatJson } from '../output.ts'
import { traceAgent } from './agent-trace.ts'
import { checkEmission } from './check-emission.ts'
import { traceEpoch } from './epoch-trace.ts'
import { splitBySource, sumMicro } from './flow-graph.ts'
import { readMarket } from './load-market.ts'
import type { EpochEmission } from './market-history.ts'
import { playMarket } from './played-market.ts'
import { renderAgentTrace } from './render-agent-trace.ts'
import { renderEpochTrace } from './render-epoch-trace.ts'
import { formatAgentDot, formatEpochDot } from './trace-dot.ts'

const played = playMarket()
const { history, nameOf } = await readMarket(played.market.api())
const { style } = createOutput({ json: false, color: false })

function emissionOf(question: string): EpochEmission {
  const found = history.emissions.find(({ payments }) =>
    payments.some(({ source }) => source === question),
  )
  assert.ok(found !== undefined)
  return found
}

function treeOf(emission: EpochEmission, width = 120): string {
  return renderEpochTrace(traceEpoch(history, emission, nameOf), nameOf, style, width).join('\n')
}

/** A random emission: some agents, whom each streams what, and who was paid for which source. */
const emissions: fc.Arbitrary<EpochEmission> = fc
  .record({
    streams: fc.array(
      fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 0, maxLength: 4 }),
      { minLength: 6, maxLength: 6 },
    ),
    paid: fc.array(
      fc.record({
        source: fc.constantFrom('a', 'b'),
        agent: fc.integer({ min: 0, max: 5 }),
        amountMicro: fc.bigInt({ min: 1n, max: 50_000_000n }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    unmintedMicro: fc.bigInt({ min: 0n, max: 1_000n }),
  })
  .map(({ streams, paid, unmintedMicro }) => {
    const shares = new Map(
      streams.map((receivers, index) => {
        const others = receivers
          .filter((to) => to !== index)
          .map((to) => ({ to: agentOf(to), bps: 2_000 }))
        return [agentOf(index), others.toSorted((a, b) => (a.to < b.to ? -1 : 1))] as const
      }),
    )
    const payments = [
      ...new Map(paid.map((one) => [`${one.source}/${one.agent}`, one] as const)).values(),
    ].map((one): Payment => ({ ...one, agent: agentOf(one.agent) }))
    const { nets, transfers } = computeFlow(payments, shares)
    const emissionMicro = sumMicro(payments) + unmintedMicro
    return { epoch: 1, height: 1, emissionMicro, unmintedMicro, payments, transfers, nets }
  })

describe('the flow of an emission', () => {
  it('has every transfer once, and no cycle in what is a tree, whatever the streams', () => {
    fc.assert(
      fc.property(emissions, (emission) => {
        const flows = splitBySource(emission)
        const marked = flows.flatMap(({ transfers }) => transfers)
        const key = (one: { source: string; from: string; to: string; amountMicro: bigint }) =>
          `${one.source} ${one.from} ${one.to} ${one.amountMicro}`
        assert.deepEqual(marked.map(key).toSorted(), emission.transfers.map(key).toSorted())
        for (const { transfers } of flows) {
          const tree = transfers.filter(({ edge }) => edge === 'tree').map(({ to }) => to)
          assert.equal(new Set(tree).size, tree.length, 'nobody hangs from two')
          const forward = transfers.filter(({ edge }) => edge !== 'back')
          assert.ok(isAcyclic(forward), 'without its back edges it has no cycle')
          const above = new Map(
            transfers.filter(({ edge }) => edge === 'tree').map(({ from, to }) => [to, from]),
          )
          for (const { from, to, edge } of transfers) {
            let at: AgentId | undefined = from
            while (at !== undefined && at !== to) at = above.get(at)
            assert.equal(at === to, edge === 'back', 'what leads back up is marked, and no more')
          }
        }
      }),
    )
  })

  it('adds up, and one micro-unit that is off is found, wherever it is', () => {
    const places = fc.constantFrom('payments', 'transfers', 'nets', 'unminted')
    fc.assert(
      fc.property(emissions, places, fc.nat(), (emission, place, pick) => {
        assert.deepEqual(checkEmission(emission), [])
        if (place === 'unminted') {
          const { unmintedMicro } = emission
          const faults = checkEmission({ ...emission, unmintedMicro: unmintedMicro + 1n })
          assert.deepEqual(
            faults.map(({ kind }) => kind),
            ['emission'],
          )
          return
        }
        const amounts = emission[place]
        if (amounts.length === 0) return
        const changed = amounts.map((one, index) =>
          index === pick % amounts.length ? { ...one, amountMicro: one.amountMicro + 1n } : one,
        )
        const faults = checkEmission({ ...emission, [place]: changed })
        assert.ok(faults.some(({ kind }) => kind === 'agent'))
        assert.equal(
          faults.some(({ kind }) => kind === 'source'),
          place !== 'transfers',
        )
        assert.equal(
          faults.some(({ kind }) => kind === 'emission'),
          place === 'payments',
        )
      }),
    )
  })
})

/** Whether one can take away, again and again, somebody to whom nothing leads. */
function isAcyclic(edges: readonly { readonly from: AgentId; readonly to: AgentId }[]): boolean {
  let left = edges
  while (left.length > 0) {
    const reached = new Set(left.map(({ to }) => to))
    const next = left.filter(({ from }) => reached.has(from))
    if (next.length === left.length) return false
    left = next
  }
  return true
}

describe('the trace of an epoch', () => {
  const emission = emissionOf(played.rain)
  const trace = traceEpoch(history, emission, nameOf)

  it('accounts for every micro-unit by question and by agent', () => {
    assert.equal(trace.paidMicro + trace.unmintedMicro, trace.emissionMicro)
    const [rain, ...more] = trace.sources
    assert.deepEqual([rain?.title, more], ['rain on 2014-03-02', []])
    assert.equal(rain?.paidMicro, rain?.keptMicro)
    for (const { paidMicro, receivedMicro, passedOnMicro, keptMicro } of rain?.agents ?? []) {
      assert.equal(paidMicro + receivedMicro, passedOnMicro + keptMicro)
    }
  })

  it('keeps every digit in JSON', () => {
    const document: unknown = JSON.parse(formatJson(trace))
    assert.ok(typeof document === 'object' && document !== null)
    const fields = Object.fromEntries(Object.entries(document))
    assert.equal(fields['emissionMicro'], '100000001')
    assert.equal(fields['unmintedMicro'], String(emission.unmintedMicro))
  })

  it('shows the way down as a tree, with the cycle marked and not followed', () => {
    const text = treeOf(emission)
    assert.match(text, /Epoch \d+ {2}100\.00 tokens to emit/)
    assert.match(text, /├─ \S+ {2}rain on 2014-03-02/)
    assert.match(text, /│ {2}├─ \S+ {2}paid to forecaster-1; keeps \S+ of \S+/)
    assert.match(text, /→ signal-3; keeps/)
    assert.match(text, /→ data-5; keeps all/)
    assert.match(text, /→ forecaster-1 \(back in a cycle\)/)
    assert.equal(text.split('→ ').length - 1, emission.transfers.length)
    assert.match(text, /not minted/)
    assert.match(text, /It adds up to the last micro-unit/)
  })

  it('has one line for every transfer, whatever the streams, and ends', () => {
    fc.assert(
      fc.property(emissions, (random) => {
        const text = treeOf(random, 1_000)
        assert.equal(text.split('→ ').length - 1, random.transfers.length)
        assert.equal(text.split('paid to ').length - 1, random.payments.length)
      }),
    )
  })

  it('says what is off, to the micro-unit', () => {
    const [first, ...rest] = emission.nets
    assert.ok(first !== undefined)
    const nets = [{ ...first, amountMicro: first.amountMicro - 1n }, ...rest]
    const text = treeOf({ ...emission, nets }, 1_000)
    assert.match(text, /The sums do not agree, this is a defect/)
    const paid = sumMicro(emission.payments)
    assert.ok(text.includes(`question ${played.rain}: paid ${paid}, kept ${paid - 1n}`))
    assert.ok(text.includes(`question ${played.rain}, ${nameOf(first.agent)}: got`))
  })

  it('says so where nothing was paid', () => {
    const empty = history.emissions.find(({ payments }) => payments.length === 0)
    assert.ok(empty !== undefined)
    assert.match(treeOf(empty), /no question paid anybody in this epoch/)
    assert.match(treeOf(empty), /Nothing was paid: it adds up to the last micro-unit/)
  })
})

describe('the trace of an agent', () => {
  it('has what it got from whom and gave to whom, by question, latest first', () => {
    const trace = traceAgent(history, agentOf('4'), nameOf)
    assert.deepEqual(
      trace.sources.map(({ title }) => title),
      ['who/won', 'rain on 2014-03-03', 'rain on 2014-03-02'],
    )
    assert.deepEqual(
      [trace.customers, trace.suppliers].map((partners) => partners.map(({ name }) => name)),
      [['signal-3'], ['data-5', 'forecaster-1']],
    )
    assert.equal(trace.paidMicro, 0n)
    assert.ok(trace.receivedMicro > 0n && trace.isBalanced)
    const sum = (pick: (source: (typeof trace.sources)[number]) => bigint): bigint =>
      trace.sources.reduce((total, source) => total + pick(source), 0n)
    assert.equal(
      sum(({ keptMicro }) => keptMicro),
      trace.keptMicro,
    )
    assert.equal(
      sum(({ receivedFrom }) => sumMicro(receivedFrom)),
      trace.receivedMicro,
    )
    assert.equal(
      sum(({ passedTo }) => sumMicro(passedTo)),
      trace.passedOnMicro,
    )
    const text = renderAgentTrace(trace, style, 100).join('\n')
    assert.match(text, /received\n│ {2}└─ \S+ {2}from signal-3/)
    assert.match(text, /It adds up to the last micro-unit/)
  })

  it('has every source apart, whatever the streams', () => {
    fc.assert(
      fc.property(emissions, fc.nat(5), (emission, index) => {
        const trace = traceAgent(
          { questions: [], streams: [], emissions: [emission] },
          agentOf(index),
          nameOf,
        )
        for (const source of trace.sources) {
          assert.equal(sumMicro(source.receivedFrom), source.receivedMicro)
          assert.equal(sumMicro(source.passedTo), source.passedOnMicro)
          const { paidMicro, receivedMicro, passedOnMicro, keptMicro } = source
          assert.equal(paidMicro + receivedMicro, passedOnMicro + keptMicro)
        }
        assert.ok(trace.isBalanced)
      }),
    )
  })

  it('says so where it never got anything', () => {
    const trace = traceAgent(history, agentOf('9'), nameOf)
    assert.match(renderAgentTrace(trace, style, 100).join('\n'), /nothing was ever paid to it/)
  })
})

describe('a trace as a graph', () => {
  const TEXT = '"(?:[^"\\\\]|\\\\.)*"'
  const ATTRIBUTES = `\\[label=${TEXT}(?: style=dashed)?(?: constraint=false)?\\]`
  /** The statements of the DOT language that are written, each a line. */
  const STATEMENT = new RegExp(
    `^(?:digraph emissions \\{|rankdir=LR|node \\[shape=box\\]|subgraph ${TEXT} \\{|label=${TEXT}|${TEXT}(?: -> ${TEXT})? ${ATTRIBUTES}|\\})$`,
  )

  it('is one of statements that Graphviz reads, whatever the names are', () => {
    const wild = fc.string({ unit: 'binary' }).map((name) => `${name}"\\\n];`)
    fc.assert(
      fc.property(emissions, wild, (emission, name) => {
        const named = (agent: string): string => `${name}${agent.slice(0, 4)}`
        for (const text of [
          formatEpochDot(traceEpoch(history, emission, named)),
          formatAgentDot(
            traceAgent({ questions: [], streams: [], emissions: [emission] }, agentOf(0), named),
          ),
        ]) {
          const lines = text.split('\n')
          assert.ok(
            lines.every((line) => STATEMENT.test(line)),
            text,
          )
          assert.equal(
            lines.filter((line) => line.endsWith('{')).length,
            lines.filter((line) => line === '}').length,
          )
        }
      }),
      { numRuns: 30 },
    )
  })

  it('shows emissions only where they paid the agent', () => {
    const dotOf = (name: string): string =>
      formatAgentDot(traceAgent(history, agentOf(name), nameOf))
    assert.match(dotOf('1'), /"emission" ->/)
    assert.doesNotMatch(dotOf('4'), /"emission"/)
  })

  it('escapes what would end a name', () => {
    const trace = traceAgent(
      { questions: [], streams: [], emissions: [] },
      agentOf(0),
      () => 'a\\"b\\',
    )
    assert.match(formatAgentDot(trace), /label="a\\\\\\"b\\\\\\nkeeps 0\.00"/)
  })

  it('has an edge for every payment and every transfer, those back into a cycle dashed', () => {
    const emission = emissionOf(played.rain)
    const text = formatEpochDot(traceEpoch(history, emission, nameOf))
    // One from the emission to the question, and one to what is not minted.
    const count = emission.payments.length + emission.transfers.length + 2
    assert.equal(text.split(' -> ').length - 1, count)
    assert.equal(text.split('constraint=false').length - 1, 1)
  })
})
