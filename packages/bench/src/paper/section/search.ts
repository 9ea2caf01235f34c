import { type ClassClaim, measureClassClaims } from '../../games/class-claims.ts'
import { drawBars } from '../../report/plot/bar-plot.ts'
import type { PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'

const NAME = 'search'

/** For each class of contracts: none of ten thousand beats its bound. */
export const searchSection: PaperSection = {
  name: NAME,
  title: 'Ten thousand contracts of each class',
  text: [
    'For each admissible class a search tries 10,000 contracts on selfish players, in climbs from many random ones. None beats the bound of the class, which was worked out without a search; one reaches it; and a control from outside the class goes beyond it. A search proves nothing: it is how a bound that is wrong would come to light.',
  ],
  partSeconds: 22,
  measure({ seed }) {
    const claims = measureClassClaims(`${seed}/search`)
    return {
      rows: claims.flatMap(judgeClaim),
      figures: [
        {
          id: 'welfare-by-class',
          title: 'What selfish players reach under the best contract of each class',
          caption:
            'As a part of the first best: the best of 10,000 contracts searched, the bound of the class, and a contract outside the class. Games: expected welfare of a round at the best equilibrium. Commons: expected harvest of seats that take all that a cap leaves them; seats that look ahead reach 590 of 611.5.',
          svg: drawBars({
            name: 'Welfare by class of contracts',
            y: 'part of the first best',
            digits: 3,
            yMax: 1.1,
            categories: claims.map(({ scenario, language }) => `${scenario}: ${language}`),
            series: [
              { name: 'best found', values: claims.map((one) => one.search.best / one.firstBest) },
              {
                name: 'bound of the class',
                values: claims.map((one) => one.bound / one.firstBest),
              },
              {
                name: 'outside the class',
                values: claims.map((one) => one.control.welfare / one.firstBest),
              },
            ],
          }),
        },
      ],
      tables: [contractTable(claims)],
    }
  },
}

function judgeClaim({
  scenario,
  language,
  bound,
  firstBest,
  search,
  control,
}: ClassClaim): readonly VerdictRow[] {
  const id = `search/${scenario}/${language}`.replaceAll(' ', '-')
  const what = `${scenario}, ${language}`
  const isCommons = language === 'stock-cap'
  const taken = { condition: 'Holds for seats that take all that the cap leaves them.' }
  return [
    judge(NAME, {
      id: `${id}/best`,
      what: `${what}: best of ${search.contractCount} contracts`,
      expected: bound,
      got: search.best,
      note: `${search.withoutEquilibrium} left no equilibrium of the kinds looked for.`,
      ...(isCommons ? taken : {}),
    }),
    judge(NAME, {
      id: `${id}/control`,
      what: `${what}: a control outside the class`,
      expected: firstBest,
      got: control.welfare,
      note: plain(control.contract),
    }),
  ]
}

function contractTable(claims: readonly ClassClaim[]) {
  return {
    id: 'best-contracts',
    title: 'The best contract found in each class',
    caption: 'In words, with the welfare that selfish players reach under it, and a control.',
    columns: [
      { title: 'scenario' },
      { title: 'class' },
      { title: 'best contract found' },
      { title: 'welfare', digits: 1 },
      { title: 'bound', digits: 1 },
      { title: 'first best', digits: 1 },
      { title: 'control outside the class' },
    ],
    rows: claims.map((claim) => [
      claim.scenario,
      claim.language,
      claim.search.contract,
      claim.search.best,
      claim.bound,
      claim.firstBest,
      plain(claim.control.contract),
    ]),
  }
}

/** Without the marks of code. */
function plain(words: string): string {
  return words.replaceAll('`', '')
}
