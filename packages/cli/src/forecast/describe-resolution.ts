import type { AgentId, Resolver } from '@commonweal/protocol'
import { formatTokenChange, formatTokens } from '../tokens.ts'
import type { NameOf } from './agent-names.ts'
import type { Explanation, Resolution } from './explanation.ts'
import type { Claim, JuryRound } from './market-history.ts'
import { quote } from './question-name.ts'

const EXPRESSION_WIDTH_MAX = 120
const COLUMN_WIDTH_MAX = 40
const ROOT_DIGITS = 8

/** What came true, and who says so, in sentences. */
export function describeResolution(
  { question, resolution }: Explanation,
  outcomes: readonly string[],
  nameOf: NameOf,
): readonly string[] {
  const { resolver, isDisputed, outcome, height } = resolution
  const { resolveHeight } = question.body
  const juriesSay = describeDispute(resolution, outcomes, nameOf)
  switch (resolution.state) {
    case 'lapsed':
      return [`nothing: the validators did not admit it in time, it was gone at height ${height}`]
    case 'live': {
      const where = resolution.stage === null ? '' : `; it is ${resolution.stage}`
      const how = `to be resolved from height ${resolveHeight} on by ${describeResolver(resolver)}`
      return [`not known yet${where}; ${how}`, ...juriesSay]
    }
    case 'void':
      return [`nothing: void at height ${height}; ${whyVoid(resolver, isDisputed)}`, ...juriesSay]
    case 'came-true': {
      const name = outcomes[outcome ?? -1] ?? `outcome ${outcome}`
      return [
        `${name}, by ${describeJudge(resolver, isDisputed)}; settled at height ${height}`,
        ...juriesSay,
      ]
    }
  }
}

/** Who said what with a bond behind it, what juries made of it, and what each side gained or lost. */
export function describeDispute(
  { asserted, disputed, juries, dispute }: DisputeFacts,
  outcomes: readonly string[],
  nameOf: NameOf,
): readonly string[] {
  const claim = (said: Claim | null, verb: string): readonly string[] =>
    said === null
      ? []
      : [
          `${nameOf(said.agent)} ${verb} ${nameOutcome(said.outcome, outcomes)}, with a bond of ${formatTokens(said.bondMicro)}`,
        ]
  return [
    ...claim(asserted, 'asserted'),
    ...claim(disputed, 'disputed that and named'),
    ...juries.map((jury) => describeJury(jury, outcomes, nameOf)),
    ...(dispute === null ? [] : [describeGains(gainsOf({ asserted, disputed, dispute }), nameOf)]),
  ]
}

export type DisputeFacts = Pick<Resolution, 'asserted' | 'disputed' | 'juries' | 'dispute'>

/** What everybody gained or lost by a dispute, in micro-tokens; the two sides first. */
export function gainsOf({
  asserted,
  disputed,
  dispute,
}: Pick<DisputeFacts, 'asserted' | 'disputed' | 'dispute'>): readonly Gain[] {
  if (dispute === null) return []
  const side = (claim: Claim | null, gotMicro: bigint): readonly Gain[] =>
    claim === null ? [] : [{ agent: claim.agent, gainMicro: gotMicro - claim.bondMicro }]
  return [
    ...side(asserted, dispute.asserterMicro),
    ...side(disputed, dispute.disputerMicro),
    ...dispute.jurors.map(({ agent, lostMicro, gainedMicro }) => ({
      agent,
      gainMicro: gainedMicro - lostMicro,
    })),
  ]
}

export interface Gain {
  readonly agent: AgentId
  readonly gainMicro: bigint
}

function describeGains(gains: readonly Gain[], nameOf: NameOf): string {
  const moved = gains.filter(({ gainMicro }) => gainMicro !== 0n)
  if (moved.length === 0) return 'nobody gained or lost by it'
  return moved
    .map(({ agent, gainMicro }) => `${nameOf(agent)} ${formatTokenChange(gainMicro)}`)
    .join(', ')
}

function nameOutcome(outcome: number, outcomes: readonly string[]): string {
  return outcomes[outcome] ?? `outcome ${outcome}`
}

/** How a question is resolved. */
export function describeResolver(resolver: Resolver): string {
  switch (resolver.kind) {
    case 'dataset':
      return `the column ${quote(resolver.column, COLUMN_WIDTH_MAX)} of ${describeRecord(resolver)}`
    case 'function': {
      const columns = resolver.columns.map((name) => quote(name, COLUMN_WIDTH_MAX)).join(', ')
      return `the function ${quote(resolver.expression, EXPRESSION_WIDTH_MAX)} of ${columns} of ${describeRecord(resolver)}`
    }
    case 'schelling':
      return 'an assertion, and juries where it is disputed'
  }
}

function describeRecord({ index, root }: Exclude<Resolver, { kind: 'schelling' }>): string {
  return `record ${index} of the data set ${root.slice(0, ROOT_DIGITS)}…`
}

function describeJudge(resolver: Resolver, isDisputed: boolean): string {
  if (resolver.kind !== 'schelling') return describeResolver(resolver)
  return isDisputed
    ? 'a jury, since an assertion was disputed'
    : 'an assertion that nobody disputed'
}

function whyVoid(resolver: Resolver, isDisputed: boolean): string {
  if (resolver.kind !== 'schelling') {
    return `${describeResolver(resolver)} was not opened in time, or says none of the outcomes`
  }
  return isDisputed
    ? 'an assertion was disputed, and no jury decided'
    : 'nobody asserted an outcome in time'
}

function describeJury(
  { round, jurors, result, outcome }: JuryRound,
  outcomes: readonly string[],
  nameOf: NameOf,
): string {
  const seated = jurors.length === 0 ? 'its jurors are not known' : jurors.map(nameOf).join(', ')
  return `jury ${round} (${seated}) ${JURY_WORDS[result ?? 'sits']}${outcome === null ? '' : ` for ${nameOutcome(outcome, outcomes)}`}`
}

const JURY_WORDS = {
  decided: 'decided',
  undecided: 'was undecided',
  'too-few-reveals': 'opened too few verdicts',
  sits: 'sits',
} as const
