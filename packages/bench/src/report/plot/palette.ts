/**
 * The palette of Okabe and Ito, which people with the usual kinds of colour blindness tell apart. Colour is never alone: lines also
 * differ in dashes and marks, bars in their labels.
 */
export const BLACK = '#111111'
export const VERMILLION = '#b34700'

const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', BLACK] as const
const DASHES = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [2, 2], [12, 4], 'solid'] as const
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow', 'roundRect'] as const

export interface SeriesLook {
  readonly colour: string
  readonly dash: 'solid' | 'dashed' | 'dotted' | number[]
  readonly symbol: string
}

/** How the series at an index looks; from the eighth on they repeat. */
export function lookOf(index: number): SeriesLook {
  const place = index % COLOURS.length
  const dash = DASHES[place] ?? 'solid'
  return {
    colour: COLOURS[place] ?? BLACK,
    dash: typeof dash === 'string' ? dash : [...dash],
    symbol: SYMBOLS[place] ?? 'circle',
  }
}
