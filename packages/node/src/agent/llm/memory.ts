import type { CommonsRow } from '@commonweal/protocol'
import { estimateTokens } from './chat-model.ts'

/** Past rounds of a commons for a prompt, as {@link rememberLatest} has them. */
export function describeRounds(
  rows: readonly CommonsRow[],
  seat: number,
  tokensMax: number,
): string {
  return rememberLatest(rows, (row) => describeRound(row, seat), tokensMax)
}

/**
 * What is past, oldest first: as many of the latest rounds as fit into so many tokens, each on a line. How many are left out
 * stands before them.
 */
export function rememberLatest<Row>(
  rows: readonly Row[],
  describe: (row: Row) => string,
  tokensMax: number,
): string {
  if (rows.length === 0) return 'none yet.'
  const lines: string[] = []
  let tokens = estimateTokens(leftOut(rows.length))
  for (const row of rows.toReversed()) {
    const line = describe(row)
    tokens += estimateTokens(`${line}\n`)
    if (tokens > tokensMax) break
    lines.unshift(line)
  }
  const missing = rows.length - lines.length
  return missing === 0 ? lines.join('\n') : [leftOut(missing), ...lines].join('\n')
}

function leftOut(count: number): string {
  return `(${count} earlier rounds are left out)`
}

/** The public report of a round, and what the seat itself got. Not the rate, nor what others got. */
function describeRound(row: CommonsRow, seat: number): string {
  const { round, stockBefore, requests, absent, catches, stockLeft } = row
  const asked = requests.map((request, other) => (absent[other] === true ? '-' : request))
  return `- round ${round}: stock ${stockBefore}, requests by seat ${asked.join(' ')}, you got ${catches[seat] ?? 0}, left ${stockLeft}`
}
