/** Every screen, in both languages, wide and narrow: axe finds nothing, nothing scrolls sideways. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BASE, ask, axe, launch, mapReady, open, picture, signIn } from '../lib/browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function firstSignalArea(page) {
  const { signals } = await ask(page, '/api/signals?limit=1');
  return signals.length > 0 ? `/gebied/${signals[0].level}/${signals[0].area}` : '/gebied/gemeente/GM9901';
}

const SCREENS = [
  ['kaart', () => '/kaart'],
  ['tabel', () => '/kaart?niveau=buurt&weergave=tabel'],
  ['signalen', () => '/signalen'],
  ['gebied', firstSignalArea],
  ['gebieden', () => '/gebied'],
  ['waareerst', () => '/waareerst'],
  ['nietgebruik', () => '/nietgebruik?niveau=buurt'],
  ['voorspellen', () => '/voorspellen'],
  ['haalbaarheid', () => '/haalbaarheid'],
  ['privacy', () => '/privacy'],
  ['onbekend', () => '/bestaat-niet'],
];

async function visit(page, path, language) {
  await page.goto(`${BASE}${path}${path.includes('?') ? '&' : '?'}taal=${language}`);
  await page.locator('h1').waitFor();
  if (path === '/kaart') await mapReady(page);
  await page.waitForLoadState('networkidle');
}

for (const [width, height] of [
  [1280, 800],
  [320, 640],
]) {
  describe(`at ${width} pixels wide`, () => {
    for (const language of ['nl', 'en']) {
      test(`axe finds nothing and nothing scrolls sideways (${language})`, async () => {
        const { page, context, faults, strange } = await open(browser, { viewport: { width, height } });
        await visit(page, '/inloggen', language);
        assert.deepEqual(await axe(page), [], 'inloggen');
        await picture(page, `inloggen-${width}-${language}`);
        await signIn(page);
        for (const [name, path] of SCREENS) {
          await visit(page, await path(page), language);
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          assert.deepEqual(await axe(page), [], name);
          const over = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
          await picture(page, `${name}-${width}-${language}`);
        }
        assert.deepEqual([faults, strange], [[], []]);
        await context.close();
      });
    }
  });
}

test('axe does see what is wrong: a picture without a text is found', async () => {
  const { page, context } = await open(browser);
  await visit(page, '/inloggen', 'nl');
  await page.evaluate(() =>
    document.querySelector('main').append(Object.assign(document.createElement('img'), { src: '/icon.svg' })),
  );
  assert.match((await axe(page)).join(), /image-alt/);
  await context.close();
});

/** Presses Tab until `wanted` accepts the element that has the focus; gives how many it took. */
async function tabTo(page, wanted) {
  for (let count = 1; count <= 80; count += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const { tagName, id, textContent, className } = document.activeElement;
      return { tag: tagName, id, text: (textContent ?? '').trim(), class: String(className) };
    });
    if (wanted(found)) return count;
  }
  throw new Error('not reached by keyboard');
}

test('by keyboard alone: skip link, a choice, the map, the table, a profile', async () => {
  const { page, context } = await open(browser);
  await signIn(page);
  await page.goto(`${BASE}/kaart?niveau=buurt`);
  await mapReady(page);
  assert.equal(await tabTo(page, (one) => one.class.includes('skip')), 1, 'the skip link is first');
  await page.keyboard.press('Enter');
  await tabTo(page, (one) => one.id === 'period');
  const before = await page.locator('#period').inputValue();
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await page.locator('#period').inputValue(), before);
  await tabTo(page, (one) => one.tag === 'CANVAS');
  const outline = await page.locator('.map canvas').evaluate((one) => getComputedStyle(one).outlineWidth);
  assert.notEqual(outline, '0px', 'the focus can be seen on the map');
  await mapReady(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/gebied=/);
  await page.locator('button', { hasText: 'Tabel' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('tr[data-code]').first().waitFor();
  await tabTo(page, (one) => one.tag === 'A' && one.class.includes('utrecht-link') && one.text.length > 0);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/gebied\//);
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await context.close();
});
