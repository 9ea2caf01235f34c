import { BLACK, lookOf } from './palette.ts'
import { renderSvg } from './render.ts'

export interface BarPlot {
  readonly name: string
  readonly y: string
  readonly categories: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
  /** Digits after the point of the number on each bar. */
  readonly digits: number
  readonly isStacked?: boolean
  readonly yMax?: number
}

/** A label that is longer is broken into lines. */
const LABEL_WIDTH = 128

/** Bars in groups or stacked, each with its number. */
export function drawBars(plot: BarPlot): string {
  const { name, y, categories, series, digits, isStacked = false, yMax } = plot
  const isMany = categories.length > 6
  const isLong = categories.some((category) => category.length > 14)
  return renderSvg(
    name,
    {
      legend: { top: 0, left: 'center', textStyle: { color: BLACK }, show: series.length > 1 },
      grid: { left: 72, right: 24, top: 48, bottom: isMany ? 110 : isLong ? 60 : 44 },
      xAxis: {
        type: 'category',
        data: [...categories],
        axisLabel: {
          color: BLACK,
          interval: 0,
          ...(isMany ? { rotate: 30 } : { width: LABEL_WIDTH, overflow: 'break' as const }),
        },
        axisLine: { lineStyle: { color: BLACK } },
      },
      yAxis: {
        type: 'value',
        name: y,
        nameLocation: 'middle',
        nameGap: 50,
        nameTextStyle: { color: BLACK },
        axisLabel: { color: BLACK },
        splitLine: { lineStyle: { color: '#dddddd' } },
        ...(yMax === undefined ? {} : { max: yMax }),
      },
      series: series.map(({ name: seriesName, values }, index) => ({
        type: 'bar' as const,
        name: seriesName,
        silent: true,
        ...(isStacked ? { stack: 'all' } : {}),
        itemStyle: {
          color: lookOf(index).colour,
          borderColor: '#ffffff',
          borderWidth: isStacked ? 1 : 0,
        },
        label: {
          show: true,
          fontSize: 11,
          color: isStacked && index === 0 ? '#ffffff' : BLACK,
          position: isStacked ? ('inside' as const) : ('top' as const),
          formatter: ({ value }: { readonly value?: unknown }) =>
            typeof value === 'number' && (!isStacked || value > 0.02) ? value.toFixed(digits) : '',
        },
        data: [...values],
      })),
    },
    isMany ? 460 : 380,
  )
}
