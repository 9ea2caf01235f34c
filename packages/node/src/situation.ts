import {
  type AgentQuestion,
  type Agreement,
  agreements,
  type Cid,
  type CommonsRow,
  type CommonsState,
  checkLaw,
  commons,
  commonsParamsSchema,
  createTable,
  formationQuorum,
  type GameRow,
  type GameState,
  game,
  gameParamsSchema,
  headOf,
  type InstanceGenesis,
  instances,
  type Language,
  type Ledger,
  present,
  type Run,
  runs,
  signalRate,
  signalState,
  type Table,
  type TurnTaken,
  termsCid,
} from '@commonweal/protocol'
import type {
  LawInForce,
  Move,
  Negotiation,
  NegotiationSituation,
  SeatView,
  Situation,
  Turn,
} from './agent/agent.ts'

type ActQuestion = Extract<AgentQuestion, { readonly kind: 'act' }>
type NegotiateQuestion = Extract<AgentQuestion, { readonly kind: 'negotiate' }>

/** The states and rows of each kind of instance: the ledger writes them, and nobody else. */
const commonsStates: Table<CommonsState> = createTable<CommonsState>('state')
const commonsRows: Table<CommonsRow> = createTable<CommonsRow>('row')
const gameStates: Table<GameState> = createTable<GameState>('state')
const gameRows: Table<GameRow> = createTable<GameRow>('row')

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
  const situation = place && describe(ledger, place, question)
  if (place === undefined || situation === undefined) return undefined
  const { instance, run } = place
  const { standing } = question
  const negotiation: Negotiation = {
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
  return { ...situation, ...negotiation }
}

interface Place {
  readonly instance: InstanceGenesis
  readonly run: Run
}

function findPlace(ledger: Ledger, subnet: string): Place | undefined {
  const instance = instances.find(ledger, subnet)
  const run = runs.find(ledger, subnet)
  return instance === undefined || run === undefined ? undefined : { instance, run }
}

function describe(
  ledger: Ledger,
  { instance, run }: Place,
  { subnet, epoch, seat }: Pick<AgentQuestion, 'subnet' | 'epoch' | 'seat'>,
): Situation | undefined {
  const { signal } = headOf(ledger)
  const viewWith = (language: Language): SeatView => ({
    subnet,
    epoch,
    seat,
    seats: run.seats,
    contract: instance.contract,
    contractDelay: instance.contractDelay,
    law: findLaw(ledger, language, run, epoch),
    agreed: agreementsFor(ledger, run, epoch)[0]?.terms ?? null,
  })
  if (instance.kind === commons.kind) {
    const state = commonsStates.find(ledger, subnet)
    if (state === undefined) return undefined
    const params = commonsParamsSchema.parse(instance.params)
    return {
      kind: 'commons',
      ...viewWith(commons.language(params, run.seats.length)),
      params,
      state,
      history: historyOf(ledger, subnet, commonsRows),
      signalRatePercent: signalRate(params, signal) ?? null,
    }
  }
  const state = instance.kind === game.kind ? gameStates.find(ledger, subnet) : undefined
  if (state === undefined) return undefined
  const params = gameParamsSchema.parse(instance.params)
  return {
    kind: 'game',
    ...viewWith(game.language(params, run.seats.length)),
    params,
    state,
    history: historyOf(ledger, subnet, gameRows),
    signalState: signalState(params, signal) ?? null,
  }
}

function historyOf<Row>(ledger: Ledger, subnet: string, rows: Table<Row>): readonly Row[] {
  const prefix = `${subnet}/`
  const history: Row[] = []
  for (const [key, row] of rows.entries(ledger)) {
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

function findLaw(ledger: Ledger, language: Language, run: Run, epoch: number): LawInForce | null {
  for (const { id, terms, lawState, signer, bound } of agreementsFor(ledger, run, epoch)) {
    if (terms.law === null || lawState === null) continue
    const law = checkLaw(terms.law, language)
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
