import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Agreement,
  agreements,
  builtInSubnets,
  type CommonsState,
  createGenesisLedger,
  createTable,
  type Digest,
  digestOf,
  encode,
  type Genesis,
  headOf,
  type Ledger,
  networkIdOf,
  nobleVerify,
  type Phase,
  present,
  type Run,
  runs,
  termsCid,
} from '@commonweal/protocol'
import { createLocalGenesis } from '../local/genesis.ts'
import { createSituation } from '../situation.ts'
import { foreseeNegotiation } from './foreseen-negotiation.ts'

const ROUNDS = 4
const states = createTable<CommonsState>('state')

interface Place {
  readonly genesis?: Partial<Parameters<typeof createLocalGenesis>[0]>
  /** Round of the run, whose first epoch is 1. */
  readonly round?: number
  readonly phase?: Phase
  readonly signal?: Digest
  readonly run?: Partial<Run>
  /** The last epoch that a contract covers, from the first on. */
  readonly coveredUntil?: number
}

/** A ledger that stands where a test says. */
function ledgerAt({ genesis: options, round = 1, phase, signal, run, coveredUntil }: Place): {
  readonly ledger: Ledger
  readonly genesis: Genesis
} {
  const genesis = createLocalGenesis({
    nodes: 3,
    seed: 'foreseen',
    rounds: ROUNDS,
    repeat: true,
    ...options,
  })
  const founded = createGenesisLedger({
    genesis,
    networkId: networkIdOf(genesis),
    verify: nobleVerify,
    subnets: builtInSubnets,
  })
  assert.ok(founded.ok)
  const head = headOf(founded.value)
  const draft = {
    ledger: founded.value.set('head/main', {
      ...head,
      epoch: round,
      phase: phase ?? head.phase,
      signal: signal ?? null,
    }),
  }
  const begun = present(runs.find(draft.ledger, 'commons'), 'it runs')
  const agreed = coveredUntil === undefined ? [] : [coverUntil(draft, begun, coveredUntil)]
  runs.put(draft, 'commons', { ...begun, agreements: agreed, ...run })
  const state = present(states.find(draft.ledger, 'commons'), 'it has a state')
  states.put(draft, 'commons', { ...state, round, stock: 60 })
  return { ledger: draft.ledger, genesis }
}

function coverUntil(
  draft: { ledger: Ledger },
  { seats }: Run,
  until: number,
): ReturnType<typeof termsCid> {
  const terms = {
    parties: seats,
    quorum: 3,
    subnet: 'commons',
    rounds: [1, until],
    mode: 'law',
    text: '',
    law: { clauses: [] },
    collateralMicro: seats.map(() => 0n),
    replaces: null,
  } as const
  const agreement: Agreement = {
    terms,
    subnet: 'commons',
    formedHeight: 1,
    until,
    signer: seats.map(() => true),
    bound: seats.map(() => true),
    lawState: null,
  }
  const id = termsCid(terms)
  agreements.put(draft, id, agreement)
  return id
}

function foresee(
  place: Place,
  index = 1,
): { readonly round: number; readonly stock: number } | string {
  const { ledger, genesis } = ledgerAt(place)
  const { agent } = present(genesis.accounts[index], 'there are three')
  const foreseen = foreseeNegotiation(ledger, agent, 'commons')
  if (!foreseen.ok) return foreseen.error.code
  const { value } = foreseen
  assert.ok(value.kind === 'commons')
  assert.deepEqual([value.covering, value.law, value.seat], [null, null, index])
  return { round: value.state.round, stock: value.state.stock }
}

const NEXT_RUN = { round: 1, stock: 100 }

describe('the next negotiation', () => {
  it('is about this run where a round is left that nothing covers', () => {
    assert.deepEqual(foresee({ round: 2 }), { round: 2, stock: 60 })
    assert.deepEqual(foresee({ round: 2, coveredUntil: 3 }), { round: 2, stock: 60 })
    assert.deepEqual(foresee({ round: ROUNDS }), { round: ROUNDS, stock: 60 })
  })

  it('is about the next run where a contract covers this one, or its last round is on, or late', () => {
    assert.deepEqual(foresee({ round: 2, coveredUntil: ROUNDS }), NEXT_RUN)
    assert.deepEqual(foresee({ round: ROUNDS, phase: 'seal' }), NEXT_RUN)
    assert.deepEqual(foresee({ round: ROUNDS, genesis: { contractDelay: 1 } }), NEXT_RUN)
    assert.deepEqual(foresee({ round: 2, run: { status: 'ended' } }), NEXT_RUN)
  })

  it('is none where no other run follows', () => {
    const genesis = { repeat: false }
    assert.equal(foresee({ genesis, round: 2, coveredUntil: ROUNDS }), 'run-over')
    assert.equal(foresee({ genesis, run: { status: 'ended' } }), 'run-over')
    assert.deepEqual(foresee({ genesis, round: 2 }), { round: 2, stock: 60 })
  })

  it('has the seats of its run: who leaves is not there, who comes is', () => {
    const { genesis } = ledgerAt({})
    const [first, second, third] = genesis.accounts.map(({ agent }) => agent)
    assert.ok(first !== undefined && second !== undefined && third !== undefined)
    const seats = [first, second]
    assert.equal(foresee({ run: { seats } }, 2), 'no-seat')
    const next = { status: 'ended', seats, leaving: [first], joining: [third] } as const
    assert.equal(foresee({ run: next }, 0), 'no-seat')
    const { ledger } = ledgerAt({ run: next })
    const foreseen = foreseeNegotiation(ledger, third, 'commons')
    assert.ok(foreseen.ok)
    const { seat, quorum, holds, state } = foreseen.value
    assert.deepEqual(foreseen.value.seats, [second, third])
    assert.deepEqual(
      [seat, quorum, holds.length, 'seatCount' in state && state.seatCount],
      [1, 2, 2, 2],
    )
  })

  it('says nothing of a signal that is shown to agents alone', () => {
    const signal = digestOf(encode('a signal'))
    const shown = {
      genesis: { regeneration: 'private-signal' as const },
      signal,
      phase: 'seal' as const,
    }
    const { ledger, genesis } = ledgerAt(shown)
    const foreseen = foreseeNegotiation(
      ledger,
      present(genesis.accounts[1], 'it is there').agent,
      'commons',
    )
    assert.ok(foreseen.ok && foreseen.value.kind === 'commons')
    assert.equal(foreseen.value.signalRatePercent, null)
    const seen = createSituation(ledger, { kind: 'act', subnet: 'commons', epoch: 1, seat: 1 })
    assert.ok(seen?.kind === 'commons' && seen.signalRatePercent !== null)
  })

  it('is none where contracts are words, or there is no such instance', () => {
    assert.equal(foresee({ genesis: { contract: 'text' } }), 'not-about-law')
    const { ledger, genesis } = ledgerAt({})
    const { agent } = present(genesis.accounts[0], 'it is there')
    const none = foreseeNegotiation(ledger, agent, 'sea')
    assert.ok(!none.ok && none.error.code === 'unknown-instance')
  })
})
