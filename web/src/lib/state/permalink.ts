/** What is on the map, written in the address: everything one sees can be sent to a colleague. Pure. */

/** The view of the map: zoom, latitude, longitude. */
export interface View {
  zoom: number;
  lat: number;
  lng: number;
}

/** The choices of the Kaart screen. Absent means: the default. */
export interface MapChoice {
  indicator?: string;
  level?: string;
  period?: string;
  member?: string;
  area?: string;
  display?: 'map' | 'table';
  /** The background map is shown where there is one, unless it is put off. */
  background?: 'off';
  view?: View;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function writeView(view: View): string {
  return [round(view.zoom, 2), round(view.lat, 5), round(view.lng, 5)].join('/');
}

function readView(text: string | null): View | undefined {
  const [zoom, lat, lng] = (text ?? '').split('/').map(Number);
  const whole = [zoom, lat, lng].every((part) => Number.isFinite(part));
  return whole && text ? { zoom: zoom ?? 0, lat: lat ?? 0, lng: lng ?? 0 } : undefined;
}

/** The query string of a choice; the order is fixed, so equal choices have equal addresses. */
export function writeChoice(choice: MapChoice): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string | undefined) => value && query.set(name, value);
  set('onderwerp', choice.indicator);
  set('niveau', choice.level);
  set('periode', choice.period);
  set('groep', choice.member);
  set('gebied', choice.area);
  set('weergave', choice.display === 'table' ? 'tabel' : undefined);
  set('achtergrond', choice.background === 'off' ? 'uit' : undefined);
  set('beeld', choice.view && writeView(choice.view));
  return query.toString();
}

/** Reads what [`writeChoice`] wrote; what is not there or not understood is left out. */
export function readChoice(search: string): MapChoice {
  const query = new URLSearchParams(search);
  const get = (name: string) => query.get(name) || undefined;
  const choice: MapChoice = {
    indicator: get('onderwerp'),
    level: get('niveau'),
    period: get('periode'),
    member: get('groep'),
    area: get('gebied'),
    display: query.get('weergave') === 'tabel' ? 'table' : undefined,
    background: query.get('achtergrond') === 'uit' ? 'off' : undefined,
    view: readView(query.get('beeld')),
  };
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}

/** The address of the Kaart screen for a choice. */
export function mapAddress(choice: MapChoice): string {
  const query = writeChoice(choice);
  return query ? `/kaart?${query}` : '/kaart';
}

/** The address of the profile of an area. */
export function areaAddress(level: string, code: string): string {
  return `/gebied/${encodeURIComponent(level)}/${encodeURIComponent(code)}`;
}

/** The address of an export. */
export function exportAddress(
  choice: Required<Pick<MapChoice, 'indicator' | 'level' | 'period'>> & MapChoice,
  format: string,
): string {
  const { indicator, level, period, member = '' } = choice;
  return `/api/export?${new URLSearchParams({ indicator, level, period, member, format }).toString()}`;
}
