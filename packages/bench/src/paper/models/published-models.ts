/** Means over language models, with no and with five prosocial agents of five. */
export interface PublishedRow {
  readonly regeneration: 'deterministic' | 'iid'
  readonly contract: 'none' | 'text' | 'law'
  readonly p0: { readonly m: number; readonly R: number }
  readonly p5: { readonly m: number; readonly R: number }
}

/** arXiv 2605.08426. For comparison, and never expected. */
export const PUBLISHED: readonly PublishedRow[] = [
  {
    regeneration: 'deterministic',
    contract: 'none',
    p0: { m: 6.2, R: 195 },
    p5: { m: 10.57, R: 333 },
  },
  {
    regeneration: 'deterministic',
    contract: 'text',
    p0: { m: 7.07, R: 234 },
    p5: { m: 11.87, R: 386 },
  },
  {
    regeneration: 'deterministic',
    contract: 'law',
    p0: { m: 8.34, R: 205 },
    p5: { m: 12, R: 303 },
  },
  { regeneration: 'iid', contract: 'none', p0: { m: 8, R: 150 }, p5: { m: 11, R: 212 } },
  { regeneration: 'iid', contract: 'text', p0: { m: 6.92, R: 232 }, p5: { m: 11.6, R: 325 } },
  { regeneration: 'iid', contract: 'law', p0: { m: 7.72, R: 215 }, p5: { m: 11.16, R: 273 } },
]

export const PUBLISHED_LABEL = 'published, language models'
