/** The map's style: empty but for our own areas. Values come by feature state, never with the geometry. */
import type { AddLayerObject, ExpressionSpecification, Map as MapLibreMap, StyleSpecification } from 'maplibre-gl';
import { PATTERN_NAMES, tile, type PatternName } from './patterns';

/** Source with the areas of the chosen level. */
export const AREAS = 'areas';
/** Source with the outlines of a coarser level. */
export const OUTLINES = 'outlines';
/** The layer that holds every area, whatever it looks like: what is pointed at is asked here. */
export const BASE_LAYER = 'areas-class';

/** A style that asks nothing from anywhere. */
export const EMPTY_STYLE: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#f4f6f7' } }],
};

const state = (name: string): ExpressionSpecification => ['feature-state', name];

function fillLayer(): AddLayerObject {
  const colour: ExpressionSpecification = ['to-color', ['coalesce', state('colour'), 'rgba(0,0,0,0)']];
  return { id: BASE_LAYER, type: 'fill', source: AREAS, paint: { 'fill-color': colour, 'fill-antialias': false } };
}

/** Whether an area has this pattern. */
export function shownPattern(name: PatternName): ExpressionSpecification {
  return name === 'hatch' ? ['==', state('uncertain'), true] : ['==', state('look'), name];
}

function patternLayer(name: PatternName): AddLayerObject {
  const paint = { 'fill-pattern': name, 'fill-opacity': ['case', shownPattern(name), 1, 0] as ExpressionSpecification };
  return { id: `areas-${name}`, type: 'fill', source: AREAS, paint };
}

function lineLayers(): AddLayerObject[] {
  const marked: ExpressionSpecification = [
    'case',
    ['==', state('chosen'), true],
    4,
    ['==', state('pointed'), true],
    2.5,
    0,
  ];
  return [
    {
      id: 'areas-line',
      type: 'line',
      source: AREAS,
      paint: { 'line-color': '#5d6b73', 'line-width': 0.5, 'line-opacity': 0.55 },
    },
    { id: 'outlines-line', type: 'line', source: OUTLINES, paint: { 'line-color': '#20303a', 'line-width': 1.5 } },
    {
      id: 'areas-halo',
      type: 'line',
      source: AREAS,
      paint: { 'line-color': '#ffffff', 'line-width': ['*', 2, marked] },
    },
    { id: 'areas-marked', type: 'line', source: AREAS, paint: { 'line-color': '#b3261e', 'line-width': marked } },
  ];
}

/** Names of the larger areas, in a font of this machine: the style names no glyphs, so none are fetched. */
function nameLayer(): AddLayerObject {
  const layout = { 'text-field': ['get', 'name'] as ExpressionSpecification, 'text-size': 13, 'text-max-width': 8 };
  const paint = { 'text-color': '#12212a', 'text-halo-color': '#ffffff', 'text-halo-width': 2 };
  return { id: 'outlines-name', type: 'symbol', source: OUTLINES, layout, paint };
}

/** Adds the pattern images, empty sources and layers to a map that has loaded its style. */
export function addLayers(map: MapLibreMap): void {
  const empty = { type: 'FeatureCollection' as const, features: [] };
  for (const source of [AREAS, OUTLINES]) map.addSource(source, { type: 'geojson', data: empty, tolerance: 0.2 });
  for (const name of PATTERN_NAMES) map.addImage(name, tile(name));
  const layers = [fillLayer(), ...PATTERN_NAMES.map(patternLayer), ...lineLayers(), nameLayer()];
  for (const layer of layers) map.addLayer(layer);
}
