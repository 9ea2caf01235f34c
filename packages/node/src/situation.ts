import {
  type AgentQuestion,
  type Agreement,
  agreements,
  type Cid,
  type CommonsParams,
  type CommonsRow,
  type CommonsState,
  checkLaw,
  commons,
  commonsParamsSchema,
  createTable,
  formationQuorum,
  headOf,
  type InstanceGenesis,
  instances,
  type Ledger,
  present,
  type Run,
  runs,
  signalRate,
  type Table,
  type TurnTaken,
  termsCid,
} from '@commonweal/protocol'
import type { LawInForce, Move, NegotiationSituation, Situation, Turn } from './agent/agent.ts'

type ActQuestion = Extract<AgentQuestion, { readonly kind: 'act' }>
type NegotiateQuestion = Extract<AgentQuestion, { readonly kind: 'negotiate' }>

/** The states of commons instances: the ledger writes them, and nobody else. */
const commonsStates: Table<CommonsState> = createTable<CommonsState>('state')

/**
 * What an agent sees when it is asked to act: all of it follows from the final ledger. Undefined where the instance is of a
 * kind that agents cannot play.
 */
export function createSituation(ledger: Ledger, question: ActQuestion): Situation | undefined {
  const place = findPlace(ledger, question.subnet)
  return place === undefined ? undefined : describe(ledger, place, question)
}

/** The same, when it is asked to speak. */
export function createNegotiationSituation(
  ledger: Ledger,
  question: NegotiateQuestion,
): NegotiationSituation | undefined {
  const place = findPlace(ledger, question.subnet)
  if (place === undefined) return undefined
  const { instance, run } = place
  const { standing } = question
  return {
    ...describe(ledger, place, question),
    turn: question.turn,
    turnsMax: instance.turnsMax,
    quorum: formationQuorum(instance, run.seats.length),
    standing:
      standing === null
        ? null
        : { id: termsCid(standing.terms), terms: standing.terms, holders: standing.holders },
    holds: computeHolds(question.transcript, run.seats.length),
    covering: findCovering(ledger, run, question.target),
    transcript: question.transcript.map(turnOf),
  }
}

interface Place {
  readonly instance: InstanceGenesis
  readonly params: CommonsParams
  readonly run: Run
  readonly state: CommonsState
}

function findPlace(ledger: Ledger, subnet: string): Place | undefined {
  const instance = instances.find(ledger, subnet)
  const run = runs.find(ledger, subnet)
  const state = commonsStates.find(ledger, subnet)
  if (instance?.kind !== commons.kind || run === undefined || state === undefined) return undefined
  return { instance, params: commonsParamsSchema.parse(instance.params), run, state }
}

function describe(
  ledger: Ledger,
  { instance, params, run, state }: Place,
  { subnet, epoch, seat }: Pick<AgentQuestion, 'subnet' | 'epoch' | 'seat'>,
): Situation {
  return {
    kind: 'commons',
    subnet,
    params,
    state,
    history: historyOf(ledger, subnet),
    epoch,
    seat,
    seats: run.seats,
    contract: instance.contract,
    contractDelay: instance.contractDelay,
    law: findLaw(ledger, params, run, epoch),
    signalRatePercent: signalRate(params, headOf(ledger).signal) ?? null,
  }
}

const commonsRows: Table<CommonsRow> = createTable<CommonsRow>('row')

function historyOf(ledger: Ledger, subnet: string): readonly CommonsRow[] {
  const prefix = `${subnet}/`
  const history: CommonsRow[] = []
  for (const [key, row] of commonsRows.entries(ledger)) {
    if (key.startsWith(prefix)) history.push(row)
  }
  return history
}

function agreementsFor(
  ledger: Ledger,
  run: Run,
  epoch: number,
): readonly (Agreement & { readonly id: LawInForce['id'] })[] {
  return run.agreements.flatMap((id) => {
    const agreement = present(agreements.find(ledger, id), 'a run lists agreements that exist')
    const { terms, until } = agreement
    return terms.rounds[0] <= epoch && epoch <= until ? [{ id, ...agreement }] : []
  })
}

function findLaw(
  ledger: Ledger,
  params: CommonsParams,
  run: Run,
  epoch: number,
): LawInForce | null {
  for (const { id, terms, lawState, signer, bound } of agreementsFor(ledger, run, epoch)) {
    if (terms.law === null || lawState === null) continue
    const law = checkLaw(terms.law, commons.language(params, run.seats.length))
    if (law.ok) return { id, terms, bound: { law: law.value, signer, bound }, state: lawState }
  }
  return null
}

function findCovering(ledger: Ledger, run: Run, target: number): NegotiationSituation['covering'] {
  const [first] = agreementsFor(ledger, run, target)
  return first === undefined ? null : { id: first.id, terms: first.terms }
}

/** What each seat holds: the terms that it last proposed or accepted. [AGT-3] */
function computeHolds(
  transcript: readonly TurnTaken[],
  seatCount: number,
): NegotiationSituation['holds'] {
  const holds = Array.from({ length: seatCount }, (): Cid | null => null)
  let standing: Cid | null = null
  for (const { seat, move, terms } of transcript) {
    if (move === 'propose' && terms !== null) standing = termsCid(terms)
    if (move === 'propose' || move === 'accept') holds[seat] = standing
  }
  return holds
}

function turnOf({ turn, seat, move, terms, text }: TurnTaken): Turn {
  return { turn, seat, move: moveOf(move, terms, text) }
}

function moveOf(move: TurnTaken['move'], terms: TurnTaken['terms'], text: string): Move {
  switch (move) {
    case 'propose':
      return { move, terms: present(terms, 'a proposal has terms') }
    case 'accept':
      return { move }
    case 'reject':
      return { move, reason: 'terms', text }
    case 'pass':
    case 'silent':
      return { move: 'pass' }
  }
}
