import type { CustomSeriesRenderItemAPI } from 'echarts'
import { BLACK, lookOf } from './palette.ts'
import { renderSvg } from './render.ts'

export interface LinePoint {
  readonly x: number
  readonly y: number
  /** Ends of an interval around y, where there is one. */
  readonly lo?: number
  readonly hi?: number
}

export interface LineSeries {
  readonly name: string
  readonly points: readonly LinePoint[]
}

export interface LinePlot {
  /** For those who do not see the plot; also prefixes the names inside it. */
  readonly name: string
  readonly x: string
  readonly y: string
  readonly series: readonly LineSeries[]
  /** Vertical lines where theory puts something. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[]
  /** x counts these names from 0. */
  readonly categories?: readonly string[]
  readonly yMin?: number
  readonly yMax?: number
}

/** Lines with a mark at each point, and a whisker where a point has an interval. */
export function drawLines(plot: LinePlot): string {
  const { name, x, y, series, marks = [], categories, yMin, yMax } = plot
  const axisName = { nameLocation: 'middle', nameTextStyle: { color: BLACK } } as const
  const grey = { lineStyle: { color: '#dddddd' } }
  const axis = { axisLabel: { color: BLACK }, axisLine: { lineStyle: { color: BLACK } } }
  const bottom = { ...axis, ...axisName, name: x, nameGap: 32 }
  return renderSvg(name, {
    legend: { top: 0, left: 'center', itemWidth: 44, textStyle: { color: BLACK } },
    grid: { left: 72, right: 32, top: 64, bottom: 56 },
    xAxis:
      categories === undefined
        ? { type: 'value', min: 'dataMin', max: 'dataMax', splitLine: { show: false }, ...bottom }
        : { type: 'category', data: [...categories], boundaryGap: false, ...bottom },
    yAxis: {
      type: 'value',
      ...axis,
      ...axisName,
      name: y,
      nameGap: 50,
      splitLine: grey,
      ...(yMin === undefined ? {} : { min: yMin }),
      ...(yMax === undefined ? {} : { max: yMax }),
    },
    series: [
      ...series.map((line, index) => drawLine(line, index, index === 0 ? marks : [])),
      ...series.map(drawWhiskers),
    ],
  })
}

function drawLine({ name, points }: LineSeries, index: number, marks: LinePlot['marks'] = []) {
  const { colour, dash, symbol } = lookOf(index)
  return {
    type: 'line' as const,
    name,
    silent: true,
    symbol,
    symbolSize: 9,
    showAllSymbol: true,
    color: colour,
    lineStyle: { color: colour, type: dash, width: 2.2 },
    itemStyle: { color: colour, borderColor: '#ffffff', borderWidth: 1 },
    data: points.map((point) => [point.x, point.y]),
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: '#555555', type: 'dashed' as const, width: 1.2 },
      label: { color: BLACK, formatter: '{b}', position: 'end' as const, distance: 4 },
      data: marks.map((mark) => ({ name: mark.label, xAxis: mark.x })),
    },
  }
}

const WHISKER_HALF = 4

function drawWhiskers({ points }: LineSeries, index: number) {
  const { colour } = lookOf(index)
  const known = points.flatMap(({ x, lo, hi }) =>
    lo === undefined || hi === undefined || lo === hi ? [] : [[x, lo, hi]],
  )
  return {
    type: 'custom' as const,
    silent: true,
    z: 3,
    data: known,
    renderItem: (_: unknown, api: CustomSeriesRenderItemAPI) => {
      const at = (dimension: number): number => Number(api.value(dimension))
      const [x = 0, low = 0] = api.coord([at(0), at(1)])
      const [, high = 0] = api.coord([at(0), at(2)])
      const stroke = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 1.4 },
      })
      return {
        type: 'group' as const,
        children: [
          stroke(x, low, x, high),
          stroke(x - WHISKER_HALF, low, x + WHISKER_HALF, low),
          stroke(x - WHISKER_HALF, high, x + WHISKER_HALF, high),
        ],
      }
    },
  }
}
