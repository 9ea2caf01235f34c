import type {
  AgentId,
  Cid,
  Digest,
  OutcomeClaim,
  Payment,
  QuestionBody,
  QuestionStage,
  ScoredWeight,
  Statement,
  StreamShares,
} from '@commonweal/protocol'
import type { NodeApi } from '../node-api.ts'
import { type DatedEvent, type MarketEvent, readMarketEvents } from './market-event.ts'

/** All that a market has done, as the events of a node tell it. */
export interface MarketHistory {
  /** In the order in which they were asked. */
  readonly questions: readonly QuestionHistory[]
  /** By epoch. */
  readonly emissions: readonly EpochEmission[]
  /** What agents said that they pass on, oldest first. */
  readonly streams: readonly StreamChoice[]
}

export interface StreamChoice {
  readonly agent: AgentId
  readonly shares: StreamShares
}

export interface QuestionHistory {
  readonly id: Cid
  readonly author: AgentId
  readonly body: QuestionBody
  readonly askedHeight: number
  /** By snapshot and, in one, by the place of the seal. */
  readonly statements: readonly OpenedStatement[]
  /** Who sealed something and did not open it, by id. */
  readonly withheld: readonly AgentId[]
  readonly stages: readonly { readonly stage: QuestionStage; readonly height: number }[]
  /** Null where nobody has asserted an outcome. */
  readonly asserted: Claim | null
  /** Null where nobody has disputed that. */
  readonly disputed: Claim | null
  /** From the first round on. */
  readonly juries: readonly JuryRound[]
  /** Null where nobody disputed, and while a dispute is not over. */
  readonly dispute: DisputeEnd | null
  /** Null while it is not over. */
  readonly end: QuestionEnd | null
}

export type QuestionEnd =
  | { readonly kind: 'lapsed'; readonly height: number }
  /** Void where the outcome is null. */
  | {
      readonly kind: 'settled'
      readonly height: number
      readonly outcome: number | null
      readonly house: { readonly beforeMicro: bigint; readonly afterMicro: bigint }
      readonly weights: readonly ScoredWeight[]
    }

/** A settled question that something came true of. */
export interface ResolvedHistory extends QuestionHistory {
  readonly end: Extract<QuestionEnd, { readonly kind: 'settled' }> & { readonly outcome: number }
}

export interface OpenedStatement {
  readonly question: Cid
  readonly author: AgentId
  readonly snapshot: number
  readonly order: number
  readonly digest: Digest
  readonly statement: Statement
}

/** What somebody bonds for. */
export type Claim = Omit<OutcomeClaim, 'question'>

/** What came of a dispute, for both sides and for those who sat in its juries. */
export type DisputeEnd = Omit<
  Extract<MarketEvent, { kind: 'dispute-settled' }>,
  'kind' | 'question'
>

export interface JuryRound {
  readonly round: number
  readonly jurors: readonly AgentId[]
  /** Null while it sits. */
  readonly result: 'decided' | 'undecided' | 'too-few-reveals' | null
  readonly outcome: number | null
}

/** What an epoch minted, to whom, and how it flowed on. */
export interface EpochEmission {
  readonly epoch: number
  readonly height: number
  readonly emissionMicro: bigint
  readonly unmintedMicro: bigint
  readonly payments: readonly Payment[]
  readonly transfers: readonly Transfer[]
  readonly nets: readonly Payment[]
}

type Transfer = Extract<MarketEvent, { kind: 'emission-settled' }>['transfers'][number]

/** The history of the market that a node follows. Errors  CommandError */
export async function readMarketHistory(api: NodeApi): Promise<MarketHistory> {
  return createMarketHistory(await readMarketEvents(api))
}

/**
 * Events, oldest first, as a history.
 *
 * Events about a question whose asking is not among them are passed over: a node that joined later does not have all. What
 * its emissions say of such a question is kept.
 */
export function createMarketHistory(events: readonly DatedEvent[]): MarketHistory {
  const folding: Folding = {
    pages: new Map(),
    emissions: [],
    streams: [],
    slashed: { height: 0, agents: [] },
  }
  for (const { height, event } of events) take(folding, height, event)
  const questions = [...folding.pages.values()].map(closePage)
  const { emissions, streams } = folding
  return { questions, emissions: emissions.toSorted((a, b) => a.epoch - b.epoch), streams }
}

/** Those that something came true of, in the order in which they were settled. */
export function resolvedQuestions({ questions }: MarketHistory): readonly ResolvedHistory[] {
  return questions.filter(isResolved).toSorted((a, b) => a.end.height - b.end.height)
}

export function isResolved(question: QuestionHistory): question is ResolvedHistory {
  return question.end?.kind === 'settled' && question.end.outcome !== null
}

interface Page {
  readonly asked: Pick<QuestionHistory, 'id' | 'author' | 'body' | 'askedHeight'>
  readonly statements: OpenedStatement[]
  readonly withheld: Set<AgentId>
  readonly stages: { readonly stage: QuestionStage; readonly height: number }[]
  readonly juries: JuryRound[]
  asserted: Claim | null
  disputed: Claim | null
  dispute: DisputeEnd | null
  end: QuestionEnd | null
}

interface Folding {
  readonly pages: Map<Cid, Page>
  readonly emissions: EpochEmission[]
  readonly streams: StreamChoice[]
  /** Who lost its bond for a statement that it kept back, since the last question of the block went on. */
  slashed: { readonly height: number; readonly agents: readonly AgentId[] }
}

function take(folding: Folding, height: number, event: MarketEvent): void {
  switch (event.kind) {
    case 'question-asked': {
      const { question: id, author, body } = event
      const asked = { id, author, body, askedHeight: height }
      const lists = { statements: [], stages: [], juries: [], withheld: new Set<AgentId>() }
      const empty = { asserted: null, disputed: null, dispute: null, end: null }
      folding.pages.set(id, { asked, ...lists, ...empty })
      break
    }
    case 'emission-settled': {
      const { kind: _, ...emission } = event
      folding.emissions.push({ ...emission, height })
      break
    }
    case 'slashed': {
      if (event.offence !== 'statement-not-opened') break
      const { slashed } = folding
      const before = slashed.height === height ? slashed.agents : []
      folding.slashed = { height, agents: [...before, event.agent] }
      break
    }
    case 'stream-set':
      folding.streams.push({ agent: event.agent, shares: event.shares })
      break
    default: {
      const page = folding.pages.get(event.question)
      if (event.kind === 'question-stage' && event.stage === 'waiting') {
        // Bonds are taken right before the question that they stood for goes on.
        const { slashed } = folding
        if (slashed.height === height) for (const agent of slashed.agents) page?.withheld.add(agent)
        folding.slashed = { height, agents: [] }
      }
      if (page !== undefined) write(page, height, event)
    }
  }
}

type PageEvent = Exclude<
  MarketEvent,
  { readonly kind: 'question-asked' | 'emission-settled' | 'slashed' | 'stream-set' }
>

function write(page: Page, height: number, event: PageEvent): void {
  switch (event.kind) {
    case 'question-stage':
      page.stages.push({ stage: event.stage, height })
      break
    case 'statement-opened': {
      const { kind: _, ...opened } = event
      page.statements.push(opened)
      break
    }
    case 'outcome-asserted':
    case 'outcome-disputed': {
      const { kind, question: _, ...claim } = event
      page[kind === 'outcome-asserted' ? 'asserted' : 'disputed'] = claim
      break
    }
    case 'dispute-settled': {
      const { kind: _, question: __, ...dispute } = event
      page.dispute = dispute
      break
    }
    case 'jury-drawn':
      page.juries.push({ round: event.round, jurors: event.jurors, result: null, outcome: null })
      break
    case 'jury-tallied': {
      const { round, result, outcome } = event
      const place = page.juries.findIndex((jury) => jury.round === round)
      const jurors = page.juries[place]?.jurors ?? []
      page.juries.splice(place === -1 ? page.juries.length : place, 1, {
        round,
        jurors,
        result,
        outcome,
      })
      break
    }
    case 'question-lapsed':
      page.end = { kind: 'lapsed', height }
      break
    case 'question-settled': {
      const { outcome, house, weights } = event
      page.end = { kind: 'settled', height, outcome, house, weights }
      break
    }
  }
}

function closePage({ asked, statements, withheld, end, ...page }: Page): QuestionHistory {
  const authors = new Set(statements.map(({ author }) => author))
  // Whoever is scored sealed something: where nothing of it is open, it was kept back.
  for (const { agent } of end?.kind === 'settled' ? end.weights : []) {
    if (!authors.has(agent)) withheld.add(agent)
  }
  return {
    ...asked,
    ...page,
    statements: statements.toSorted((a, b) => a.snapshot - b.snapshot || a.order - b.order),
    withheld: [...withheld].toSorted(),
    end,
  }
}
