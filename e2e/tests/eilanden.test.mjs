/**
 * The story of the Eilanden: a neighbourhood with an average figure in which a handful of postcode
 * areas deviate. Someone signs in, opens Signalen, opens the area, and reads why.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, ask, launch, open, picture, signIn } from '../lib/browser.mjs';
import { decoys, eilanden, readTruths } from '../lib/truth.mjs';

const truths = readTruths();
const skip = truths === null ? 'KUBUS_E2E_TRUTH names no truth.json' : false;
let browser;
let page;

before(async () => {
  browser = await launch();
  ({ page } = await open(browser));
  await signIn(page, '/signalen');
});
after(() => browser.close());

const story = () => eilanden(truths);
const debt = () => story().indicators.find((one) => one.includes('debt')) ?? story().indicators[0];
const listed = () => page.locator('article.signal').evaluateAll((all) => all.map((one) => one.dataset.area));

async function openList(indicator) {
  await page.goto(`${BASE}/signalen?${new URLSearchParams({ onderwerp: indicator })}`);
  await page.locator('article.signal').first().waitFor();
}

test('a planted postcode area is within the first ten for problem debt', { skip }, async () => {
  await openList(debt());
  const first = (await listed()).slice(0, 10);
  assert.ok(
    first.some((code) => story().areas.includes(code)),
    `none of ${story().areas} in ${first}`,
  );
  await picture(page, 'eilanden-lijst');
});

test('its profile says that social assistance households deviate and that the average hides it', { skip }, async () => {
  await openList(debt());
  const code = (await listed()).find((one) => story().areas.includes(one));
  await page.locator(`article[data-area="${code}"] h2 a`).click();
  await page.waitForURL(new RegExp(`/gebied/[^/]+/${code}`));
  const card = page.locator(`article[data-area="${code}"][data-indicator="${debt()}"]`);
  const groups = await card.locator('[data-reason^=behaviour]').allInnerTexts();
  const behaviour = groups.find((text) => /bijstand/i.test(text));
  assert.ok(behaviour, `no reason about social assistance in ${groups}`);
  assert.match(behaviour, /hoger cijfer dan dezelfde groep elders/);
  assert.match(
    await card.locator('[data-reason=hidden_by_average]').innerText(),
    /als geheel wijkt niet af.*gemiddelde verbergt/s,
  );
  await picture(page, 'eilanden-gebied');
});

test('an area that is only composed differently is not in the list', { skip }, async () => {
  assert.ok(decoys(truths).length > 0, 'truth.json names decoys');
  for (const decoy of decoys(truths)) {
    for (const indicator of decoy.indicators) {
      const { signals } = await ask(page, `/api/signals?${new URLSearchParams({ indicator })}`);
      const wrong = signals.filter((one) => one.level === decoy.level && decoy.areas.includes(one.area));
      assert.deepEqual(
        wrong.map((one) => one.area),
        [],
        decoy.kind,
      );
    }
  }
});
