import type { NewcomerReport } from '@commonweal/node/local'
import type { Style } from '../output.ts'
import { formatTokens } from '../tokens.ts'
import type { OffenderReport } from './name-offenders.ts'
import type { RunReport } from './run-report.ts'

/** Who broke the protocol, and what it cost, as lines; none where nobody did. */
export function renderOffenders(
  { offenders, newcomer }: Pick<RunReport, 'offenders' | 'newcomer'>,
  style: Style,
): readonly string[] {
  if (offenders.length === 0 && newcomer === null) return []
  return [
    '',
    style.bold('Against the protocol'),
    ...offenders.flatMap((offender) => [
      `  ${offender.name}${offender.fault === null ? '' : `, started as ${offender.fault}`}`,
      ...describeOffender(offender).map((line) => `    ${line}`),
    ]),
    ...(newcomer === null ? [] : [`  ${describeNewcomer(newcomer)}`]),
  ]
}

/** What the ledger took from it, what its peers think of it, or that nobody could prove anything. */
export function describeOffender(offender: OffenderReport): readonly string[] {
  const { slashed, scoredDownBy, bannedBy, codes } = offender
  const taken = slashed.map(({ offence, count, amountMicro }) => {
    const times = count === 1 ? '' : `, ${count} times`
    return `slashed for ${offence}${times}: ${formatTokens(amountMicro)} tokens`
  })
  const why = Object.entries(codes).map(([code, count]) => `${code} ${count}`)
  const down = scoredDownBy.filter((name) => !bannedBy.includes(name))
  const opinions = [
    ...(bannedBy.length === 0 ? [] : [`banned by ${bannedBy.join(', ')}`]),
    ...(down.length === 0 ? [] : [`scored down by ${down.join(', ')}`]),
  ]
  const peers = opinions.length === 0 ? [] : [`${opinions.join('; ')}: ${why.join(', ')}`]
  const lines = [...taken, ...peers]
  return lines.length > 0 ? lines : ['nobody has a proof of anything that the protocol punishes']
}

function describeNewcomer({ status, height, sentence }: NewcomerReport): string {
  switch (status) {
    case 'follows':
      return `A newcomer that met them first found the chain all the same, up to height ${height}.`
    case 'refuses':
      return `A newcomer that met them first does not join, and says why: ${sentence}`
    case 'behind':
      return `A newcomer that met them first stayed behind, at height ${height}.`
  }
}
