/** The map and its table twin. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, ask, launch, mapReady, open, picture, signIn } from '../lib/browser.mjs';

let browser;
let shared;
before(async () => {
  browser = await launch();
  shared = await open(browser);
  await signIn(shared.page);
});
after(() => browser.close());

/** Different colours in a picture of the map: an empty map has the ground and a line or two. */
async function colours(page) {
  const png = (await page.locator('.map').screenshot()).toString('base64');
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return [...counts.values()].filter((count) => count > pixels.length / 500).length;
  }, png);
}

const query = (page) => new URL(page.url()).searchParams;

test('the map is drawn with several colours, newest and finest by default', async () => {
  const { page } = shared;
  await mapReady(page);
  assert.ok((await colours(page)) >= 4, 'the map shows at least four colours');
  const release = await ask(page, '/api/release');
  assert.equal(await page.locator('#level').inputValue(), release.default.level);
  assert.equal(await page.locator('#period').inputValue(), release.default.period);
  await picture(page, 'kaart');
});

test('every choice is in the address, and the address restores every choice', async () => {
  const { page } = shared;
  await page.goto(`${BASE}/kaart`);
  await mapReady(page);
  await page.locator('#level').selectOption('buurt');
  await page.locator('#period').selectOption({ index: 1 });
  await page.locator('#member').selectOption({ index: 1 });
  await mapReady(page);
  const chosen = await page.locator('select').evaluateAll((all) => all.map((one) => one.value));
  const address = page.url();
  assert.equal(query(page).get('niveau'), 'buurt');
  await page.goto(`${BASE}/privacy`);
  await page.goto(address);
  await mapReady(page);
  assert.deepEqual(await page.locator('select').evaluateAll((all) => all.map((one) => one.value)), chosen);
  await page.goBack();
  await page.goForward();
  assert.equal(page.url().split('&beeld')[0], address.split('&beeld')[0]);
});

test('choosing an area on the map shows its figure and puts it in the address', async () => {
  const { page } = shared;
  await page.goto(`${BASE}/kaart?niveau=buurt`);
  await mapReady(page);
  await page.locator('.map canvas').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/gebied=/);
  const code = query(page).get('gebied');
  const { areas } = await ask(page, '/api/areas/buurt');
  const area = areas.find((one) => one.code === code);
  assert.equal(await page.locator('#details-title').innerText(), area.name);
  assert.ok((await page.locator('.details [aria-live=polite]').innerText()).startsWith(area.name));
});

/** A figure as the API gives it, read back from how the screen writes it. */
function readDutch(text) {
  return Number(text.replace(/[^\d,-]/g, '').replace(',', '.'));
}

test('the table twin says what the API says, for every area and every state', async () => {
  const { page } = shared;
  await page.goto(`${BASE}/kaart?niveau=buurt&weergave=tabel`);
  await page.locator('tr[data-code]').first().waitFor();
  const [indicator, period] = [await page.locator('#topic').inputValue(), await page.locator('#period').inputValue()];
  const asked = new URLSearchParams({ indicator, level: 'buurt', period, member: '' });
  const { areas } = await ask(page, `/api/figures?${asked}`);
  const { indicators } = await ask(page, '/api/release');
  const rounding = 0.5001 * 10 ** -indicators.find((one) => one.id === indicator).decimals;
  const more = page.getByRole('button', { name: /^Toon alle/ });
  if (await more.isVisible()) await more.click();
  const rows = await page.locator('tr[data-code]').evaluateAll((all) =>
    all.map((row) => ({
      code: row.dataset.code,
      status: row.dataset.status,
      text: row.querySelector('[data-figure]').textContent,
    })),
  );
  assert.equal(rows.length, areas.length);
  for (const area of areas) {
    const row = rows.find((one) => one.code === area.code);
    assert.equal(row.status, area.status);
    if (area.figure === null) assert.doesNotMatch(row.text, /\d/, `${area.code} has no figure`);
    else
      assert.ok(
        Math.abs(readDutch(row.text.split('%')[0]) - area.figure) <= rounding,
        `${area.code}: ${row.text} is ${area.figure}`,
      );
  }
});

test('the table sorts by its figure, from high to low and back, with the rest at the end', async () => {
  const { page } = shared;
  await page.goto(`${BASE}/kaart?niveau=buurt&weergave=tabel`);
  await page.locator('tr[data-code]').first().waitFor();
  const header = page.locator('th', { hasText: 'Cijfer' });
  const figures = () => page.locator('tr[data-status=value] [data-figure]').allInnerTexts();
  await header.getByRole('button').click();
  assert.equal(await header.getAttribute('aria-sort'), 'descending');
  const down = (await figures()).map(readDutch);
  assert.deepEqual(
    down,
    down.toSorted((a, b) => b - a),
  );
  await header.getByRole('button').press('Enter');
  assert.equal(await header.getAttribute('aria-sort'), 'ascending');
});

test('each export link hands over a file', async () => {
  const { page } = shared;
  await page.goto(`${BASE}/kaart?niveau=buurt&weergave=tabel`);
  for (const name of ['CSV', /XLSX/, /GeoPackage/]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    assert.equal(await download.failure(), null);
    assert.match(download.suggestedFilename(), /\.(csv|xlsx|gpkg)$/);
  }
});

test('nothing was asked from elsewhere, and the console has no fault', () => {
  assert.deepEqual(shared.strange, []);
  assert.deepEqual(shared.faults, []);
});

test('the watch works: a request elsewhere and an inline style are both noticed', async () => {
  const { page, context, strange, faults } = await open(browser);
  await page.goto(`${BASE}/inloggen`);
  await page.evaluate(async () => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.head.append(style);
    await fetch('http://elders.example/').catch(() => undefined);
  });
  assert.match(faults.join(), /Content Security Policy/);
  const image = () => document.body.append(Object.assign(new Image(), { src: 'http://elders.example/a.png' }));
  await page.evaluate(image);
  await page.waitForTimeout(200);
  assert.match(faults.join(), /style/i);
  assert.match([...strange, ...faults].join(), /elders\.example/);
  await context.close();
});
