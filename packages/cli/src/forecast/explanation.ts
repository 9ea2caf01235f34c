import type { Cid, Digest, Finding, QuestionStage, Resolver } from '@commonweal/protocol'
import type { NameOf } from './agent-names.ts'
import {
  type Claim,
  type DisputeEnd,
  isResolved,
  type JuryRound,
  type MarketHistory,
  type OpenedStatement,
  type QuestionHistory,
} from './market-history.ts'
import type { LiveQuestion } from './market-view.ts'
import { type Pay, sumPay } from './pay.ts'
import { HOUSE, markQuestion, type Participant } from './question-score.ts'

/** Why a question went as it did: who said what on which grounds, what came true, and who was paid for it. */
export interface Explanation {
  readonly question: QuestionHistory
  /** Every statement that no other of its snapshot was made from: the ends of the supply chains. */
  readonly statements: readonly ExplainedStatement[]
  readonly resolution: Resolution
  /** Epoch in whose emission it had a part; null before, and where it had none. */
  readonly epoch: number | null
  readonly participants: readonly ExplainedParticipant[]
}

/** A statement with those that it was made from. */
export interface ExplainedStatement {
  readonly digest: Digest
  readonly author: string
  readonly name: string
  /** From 1. */
  readonly snapshot: number
  /** By outcome, in basis points; null where only findings are handed on. */
  readonly report: readonly number[] | null
  readonly findings: readonly Finding[]
  readonly reasoning: string
  readonly hypotheses: readonly string[]
  /** True where it stands in full further up. */
  readonly isRepeated: boolean
  readonly parents: readonly ExplainedParent[]
}

export type ExplainedParent =
  | { readonly kind: 'known'; readonly question: Cid; readonly statement: ExplainedStatement }
  /** Nothing with this digest was opened, as far as the node knows. */
  | { readonly kind: 'unknown'; readonly digest: Digest }

export interface Resolution {
  readonly state: 'live' | 'lapsed' | 'void' | 'came-true'
  /** Where it stands; null where it is over. */
  readonly stage: QuestionStage | null
  /** What came true; null where nothing has. */
  readonly outcome: number | null
  readonly height: number | null
  readonly resolver: Resolver
  readonly asserted: Claim | null
  readonly disputed: Claim | null
  readonly juries: readonly JuryRound[]
  readonly dispute: DisputeEnd | null
  /** Whether somebody contradicted an assertion. */
  readonly isDisputed: boolean
}

/** Somebody who spoke, was scored or was paid; amounts are of this question alone. */
export interface ExplainedParticipant extends Pay {
  readonly agent: Participant
  readonly name: string
  readonly isWithheld: boolean
  /** Null for who had no weight on it. */
  readonly weight: { readonly beforeMicro: bigint; readonly afterMicro: bigint } | null
  readonly skill: number | null
  readonly kelly: number | null
}

export function explainQuestion(
  history: MarketHistory,
  question: QuestionHistory,
  nameOf: NameOf,
  live: Pick<LiveQuestion, 'stage'> | undefined,
): Explanation {
  const emission = history.emissions.find(({ payments }) =>
    payments.some(({ source }) => source === question.id),
  )
  return {
    question,
    statements: explainStatements(history, question, nameOf),
    resolution: describeEnd(question, live?.stage.at ?? null),
    epoch: emission?.epoch ?? null,
    participants: explainParticipants(history, question, nameOf),
  }
}

function explainStatements(
  history: MarketHistory,
  question: QuestionHistory,
  nameOf: NameOf,
): readonly ExplainedStatement[] {
  const known = new Map(
    history.questions
      .flatMap(({ statements }) => statements)
      .map((opened) => [opened.digest, opened] as const),
  )
  const isUsed = ({ digest, snapshot }: OpenedStatement): boolean =>
    question.statements.some(
      (other) => other.snapshot === snapshot && other.statement.parents.includes(digest),
    )
  const shown = new Set<Digest>()
  const explain = (opened: OpenedStatement): ExplainedStatement => {
    const { digest, author, snapshot, statement } = opened
    const isRepeated = shown.has(digest)
    shown.add(digest)
    const parents = isRepeated ? [] : statement.parents
    return {
      digest,
      author,
      name: nameOf(author),
      snapshot: snapshot + 1,
      ...statement,
      isRepeated,
      parents: parents.map((parent): ExplainedParent => {
        const found = known.get(parent)
        if (found === undefined) return { kind: 'unknown', digest: parent }
        return { kind: 'known', question: found.question, statement: explain(found) }
      }),
    }
  }
  return question.statements.filter((opened) => !isUsed(opened)).map(explain)
}

function describeEnd(
  { body, end, asserted, disputed, juries, dispute, stages }: QuestionHistory,
  stage: QuestionStage | null,
): Resolution {
  const isDisputed = juries.length > 0 || stages.some((past) => past.stage === 'disputed')
  const facts = {
    stage,
    resolver: body.resolver,
    asserted,
    disputed,
    juries,
    dispute,
    isDisputed,
    height: end?.height ?? null,
  }
  if (end === null) return { state: 'live', outcome: null, ...facts }
  if (end.kind === 'lapsed') return { state: 'lapsed', outcome: null, ...facts }
  return { state: end.outcome === null ? 'void' : 'came-true', outcome: end.outcome, ...facts }
}

function explainParticipants(
  history: MarketHistory,
  question: QuestionHistory,
  nameOf: NameOf,
): readonly ExplainedParticipant[] {
  const { id, end, statements, withheld } = question
  const weights = end?.kind === 'settled' ? end.weights : []
  const marks = isResolved(question) ? markQuestion(question) : []
  const ofQuestion = history.emissions.flatMap(({ payments, nets }) =>
    [...payments, ...nets].filter(({ source }) => source === id),
  )
  const agents = new Set([
    ...weights.map(({ agent }) => agent),
    ...statements.map(({ author }) => author),
    ...withheld,
    ...ofQuestion.map(({ agent }) => agent),
  ])
  const participants = [...agents].map((agent): ExplainedParticipant => {
    const mark = marks.find((one) => one.agent === agent)
    const weight = weights.find((one) => one.agent === agent)
    return {
      agent,
      name: nameOf(agent),
      isWithheld: withheld.includes(agent),
      weight: weight ?? null,
      skill: mark?.skill ?? null,
      kelly: mark?.kelly ?? null,
      ...sumPay(history.emissions, agent, id),
    }
  })
  const house = marks.find(({ agent }) => agent === HOUSE)
  const houseRow =
    end?.kind !== 'settled' || house === undefined
      ? []
      : [{ ...house, name: HOUSE, isWithheld: false, weight: end.house, ...sumPay([], HOUSE) }]
  return [...houseRow, ...participants.toSorted((a, b) => (a.name < b.name ? -1 : 1))]
}
