/** The background map under the areas: one raster source, present only while it is shown. */
import type { ExpressionSpecification, Map as MapLibreMap } from 'maplibre-gl';
import type { BackgroundMap } from '../api/types';
import { PATTERN_NAMES } from './patterns';
import { BASE_LAYER, shownPattern } from './style';

const BACKGROUND = 'background-map';
/** How much of an area's colour is left when a map lies under it. */
const OVER_MAP = 0.7;

/** Shows the background map under the areas, or takes it away with `null`. */
export function showBackground(map: MapLibreMap, background: BackgroundMap | null): void {
  if (map.getLayer(BACKGROUND)) map.removeLayer(BACKGROUND);
  if (map.getSource(BACKGROUND)) map.removeSource(BACKGROUND);
  if (background) {
    map.addSource(BACKGROUND, { type: 'raster', tiles: [background.template], tileSize: 256 });
    map.addLayer({ id: BACKGROUND, type: 'raster', source: BACKGROUND }, BASE_LAYER);
  }
  const opacity = background ? OVER_MAP : 1;
  map.setPaintProperty(BASE_LAYER, 'fill-opacity', opacity);
  for (const name of PATTERN_NAMES) {
    const shown: ExpressionSpecification = ['case', shownPattern(name), opacity, 0];
    map.setPaintProperty(`areas-${name}`, 'fill-opacity', shown);
  }
}
