// Tests the HTML pages in Chromium: with a keyboard, at any width, in light and dark mode.
//
//   node check.mjs FOLDER CHROMIUM
//
// FOLDER contains the output of `waves-errors doc --out` for the Waves catalog, and `hostile.html`, whose texts look like markup.
// Exits with 1 and the failed assertion.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, normalize } from "node:path";

const require = createRequire(new URL("../../target/node/", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [folder, executablePath] = process.argv.slice(2);

const server = createServer((request, response) => {
  try {
    const body = readFileSync(join(folder, normalize(new URL(request.url, "http://x").pathname)));
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

let done = 0;
const failed = [];
/// Runs a check in a new browser context. The page must not request other files, log to the console or open dialogs.
const check = async (what, options, act) => {
  const { file = "error-reference.html", ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, reducedMotion: "reduce", ...rest });
  const page = await context.newPage();
  const said = [], asked = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.isNavigationRequest() && !request.url().startsWith("data:")) asked.push(request.url()); });
  try {
    await page.goto(base + file);
    await act(page, context);
    assert.deepEqual({ said, asked }, { said: [], asked: [] });
    done += 1;
  } catch (error) {
    failed.push(`${what}: ${error.message}`);
  }
  await context.close();
};

const shown = (page) => page.locator(".case:visible").evaluateAll((all) => all.map((one) => one.id));
const inView = (page, id) =>
  page.waitForFunction((id) => {
    const box = document.getElementById(id).getBoundingClientRect();
    const header = document.querySelector("header").getBoundingClientRect();
    return box.top >= header.bottom - 1 && box.top < innerHeight;
  }, id);

for (const [link, id] of [
  ["#too-many-requests", "too-many-requests"], ["#429", "too-many-requests"], ["#429-too-many-requests", "too-many-requests"],
  ["#nosuchkey-from-pre-recorded-uploads", "no-such-key"], ["?q=401#no-such-key", "no-such-key"],
]) {
  await check(`${link} lands`, { file: `error-reference.html${link}` }, async (page) => {
    await inView(page, id);
    const marked = await page.locator(`#${id}`).evaluate((one) => getComputedStyle(one).boxShadow);
    assert.notEqual(marked, "none");
  });
}

await check("the search filters", {}, async (page) => {
  const all = await shown(page);
  assert.equal(all.length, 5);
  await page.keyboard.press("/");
  await page.keyboard.type("RATE limit");
  assert.deepEqual(await shown(page), ["too-many-requests"]);
  assert.equal(await page.locator("nav li:visible").first().innerText(), "429 Too Many Requests");
  assert.equal(await page.locator("#_count").innerText(), "1 of 5 shown");
  await page.reload();
  assert.deepEqual(await shown(page), ["too-many-requests"]);
  await page.locator("#_query").fill("qqqzzz");
  assert.equal(await page.locator("#_count").innerText(), "No error matches");
  await page.locator("#_query").press("Enter");
  await page.keyboard.press("Escape");
  assert.deepEqual(await shown(page), all);
  assert.equal(page.url(), `${base}error-reference.html`);
});

await check("the keyboard reaches what there is", {}, async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the errors");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "_main");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Copy link to 401 Unauthorized");
});

await check("links are copied", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  await page.getByRole("button", { name: "Copy link to 429 Too Many Requests" }).click();
  await page.getByRole("button", { name: "Copy link to 429 Too Many Requests" }).getByText("Copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${base}error-reference.html#too-many-requests`);
});

await check("the theme holds", { colorScheme: "light" }, async (page) => {
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await back();
  await page.getByRole("button", { name: "Theme: system" }).click();
  const dark = await back();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await back(), dark);
  await page.getByRole("button", { name: "Theme: dark" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  assert.equal(await back(), light);
});

await check("it reads without scripts", { javaScriptEnabled: false, file: "error-reference.html#429" }, async (page) => {
  assert.equal((await shown(page)).length, 5);
  assert.equal(await page.locator("header:visible, button:visible").count(), 0);
  assert.ok((await page.locator("#too-many-requests").boundingBox()).y < 800);
});

await check("it prints", {}, async (page) => {
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("header:visible, nav:visible, button:visible").count(), 0);
  assert.equal((await shown(page)).length, 5);
});

await check("what a text says is text", { file: "hostile.html" }, async (page) => {
  const text = await page.locator("main").innerText();
  for (const part of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</h2>", "אב", "漢字"]) assert.ok(text.includes(part), part);
  assert.equal(await page.locator("main script, main img, main a[href^=javascript]").count(), 0);
});

await check("an index leads to a page for each case", { file: "large.html#429" }, async (page) => {
  await inView(page, "case-29");
  assert.equal((await shown(page)).length, 150);
  await page.keyboard.press("/");
  await page.keyboard.type("case-7");
  await page.keyboard.press("Enter");
  assert.deepEqual(await shown(page), ["case-7", ...Array.from({ length: 10 }, (_, n) => `case-7${n}`)]);
  await page.locator("#case-7 a").click();
  assert.equal(page.url(), `${base}large/case-7.html`);
  assert.equal(await page.locator("h1").innerText(), "407 Proxy Authentication Required");
  await page.locator("main").getByRole("link", { name: "case-0" }).click();
  assert.equal(page.url(), `${base}large/case-0.html`);
  await page.locator("#_query").fill("case-149");
  await page.locator("#_query").press("Enter");
  await page.waitForURL(`${base}large.html?q=case-149`);
  assert.deepEqual(await shown(page), ["case-149"]);
});

await check("an index reads without scripts", { javaScriptEnabled: false, file: "large.html" }, async (page) => {
  await page.locator("#case-149 a").click();
  assert.equal(page.url(), `${base}large/case-149.html`);
  await page.locator("nav a").click();
  assert.equal(page.url(), `${base}large.html`);
});

const files = ["error-reference.html", "requests.html", "service.html", "websocket.html", "hostile.html", "large.html", "large/case-0.html"];
for (const file of files) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1200, 320]) {
      await check(`${file}, ${colorScheme}, ${width}`, { file, colorScheme, viewport: { width, height: 800 } }, async (page) => {
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${over} px too wide`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      });
    }
  }
}

await browser.close();
server.close();
console.log(`${done} checks hold`);
if (failed.length > 0) {
  console.error(failed.join("\n"));
  process.exit(1);
}
