import type { ImportedQuestions } from './import-questions.ts'

/** The role of a market's price after each trade. The last one before a question closes is the market's forecast. */
export const MARKET_ROLE = 'trade-price-after'

export interface RoleCount {
  readonly role: string
  readonly forecasterCount: number
}

/** Every role and how many forecast in it: most first, then by name; the market comes last, whose prices are nobody's forecasts. */
export function countRoles({ forecasts }: ImportedQuestions): readonly RoleCount[] {
  const names = new Map<string, Set<string>>()
  for (const { role, forecaster } of forecasts) {
    const known = names.get(role) ?? new Set()
    names.set(role, known.add(forecaster))
  }
  return [...names]
    .map(([role, known]) => ({ role, forecasterCount: known.size }))
    .toSorted(
      (a, b) =>
        Number(a.role === MARKET_ROLE) - Number(b.role === MARKET_ROLE) ||
        b.forecasterCount - a.forecasterCount ||
        (a.role < b.role ? -1 : 1),
    )
}
