package report

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page in headless Chromium, judged by its structure and by what is shown. Where
// there is no Chromium these tests are skipped, with a line that says so.

// count counts the elements of a selector that are on the screen.
func (c *chromium) count(selector string) any {
	c.t.Helper()
	return c.js("[...document.querySelectorAll(`" + selector + "`)].filter((e) => e.checkVisibility()).length")
}

// shown compares the number of rows and details that are shown.
func (c *chromium) shown(what string, want float64) {
	c.t.Helper()
	for _, selector := range []string{"tr.item", "details.item"} {
		if n := c.count(selector); n != want {
			c.t.Errorf("%s: %v of %s are shown, want %v", what, n, selector, want)
		}
	}
}

// Nothing is written to the console, and nothing but the page itself is asked for.
func TestHTMLInABrowser(t *testing.T) {
	for name, r := range map[string]Report{"five": fiveCaches(), "hostile": hostileReport()} {
		t.Run(name, func(t *testing.T) {
			c := openPage(t, encode(t, "html", r, EncodeOptions{}))
			c.shown("at first", float64(len(r.Caches)))
			if n := c.js(`document.scripts.length`); n != 1.0 {
				t.Errorf("%v scripts", n)
			}
			c.js(`document.querySelector("details.item > summary").click()`)
			for _, e := range c.events {
				if !strings.Contains(e, `"url":"file://`) && !strings.Contains(e, `"url":"data:,"`) {
					t.Errorf("the browser says %s", e)
				}
			}
		})
	}
}

// The totals filter by verdict, and by rule and status; the script adds the name. With
// no script all of it works but the name, whose field is hidden.
func TestHTMLFilterInABrowser(t *testing.T) {
	page := encode(t, "html", manyCaches(30), EncodeOptions{})
	for _, script := range []bool{true, false} {
		html := page
		if !script { // a policy without the hash forbids the script
			html = regexp.MustCompile(`script-src [^;]*;`).ReplaceAllString(page, "")
		}
		c := openPage(t, html)
		choose := func(label string, want float64) {
			t.Helper()
			c.js(`document.querySelector('[aria-label="` + label + `"]').click()`)
			c.shown(label, want)
		}
		c.shown("at first", 30)
		choose("10 in violation", 10)
		choose("DP-3/data-in-transit-encryption violated: 4 caches", 4)
		choose("LT-4/azure-resource-logs undecided: 3 caches", 3)
		choose("advisory/access-keys-disabled violated: 10 caches", 10)
		if script {
			c.js(`document.getElementById("find").value = "REDIS_cache.this[1"; document.dispatchEvent(new Event("input"))`)
			c.shown("names of the violated caches", 3) // 12, 15 and 18
			if n := c.js(`document.getElementById("shown").textContent`); n != "3 of 30 shown" {
				t.Errorf("the number that is told is %q", n)
			}
		} else if n := c.count("#find"); n != 0.0 {
			t.Error("there is a field for names, and no script")
		}
		c.js(`document.querySelector("button[type=reset]").click()`)
		c.js(`new Promise((done) => setTimeout(done))`)
		c.shown("after the reset", 30)
	}
}

// A link from the matrix unfolds the details of its cache, and one from there the
// advisory.
func TestHTMLLinksUnfold(t *testing.T) {
	c := openPage(t, encode(t, "html", manyCaches(100), EncodeOptions{}))
	if n := c.count("details.item > div"); n != 0.0 {
		t.Errorf("%v of 40 caches are unfolded at first", n)
	}
	c.js(`document.querySelector("tr.item a").click()`)
	if n := c.count("details.item > div"); n != 1.0 {
		t.Errorf("%v caches are unfolded", n)
	}
	c.js(`document.querySelector("details[open] a[href^='#t']").click()`)
	if n := c.count("li:target"); n != 1.0 {
		t.Errorf("%v advisories are the target", n)
	}
	for _, link := range c.js(`[...document.querySelectorAll("a[href^='#']")].map((a) => a.hash).
		filter((h) => !document.querySelector(h))`).([]any) {
		t.Errorf("%s leads nowhere", link)
	}
}

// At 400 pixels the page is as wide as the window, the matrix is a list in which each
// cell that asks for attention has its heading, and no address is wider than the page.
func TestHTMLAt400Pixels(t *testing.T) {
	r := fiveCaches()
	long := `module.platform["westeurope"].module.shop_cache_for_sessions.azurerm_redis_cache.primary_of_the_pair["production"]`
	r.Caches[1].Address = &long
	for name, r := range map[string]Report{"five": r, "two documents": twoDocuments(), "hostile": hostileReport()} {
		t.Run(name, func(t *testing.T) {
			c := openPage(t, encode(t, "html", r, EncodeOptions{}))
			c.width(400)
			if w := c.js(`document.documentElement.scrollWidth`); w != 400.0 {
				t.Errorf("the page is %v pixels wide", w)
			}
			// Nothing has to be scrolled sideways, nor is narrow beside a heading.
			for _, wide := range c.js(`[...document.querySelectorAll(".scroll, .item, .told, tr.item > *")].filter((e) => e.checkVisibility() &&
				e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1).map((e) => e.outerHTML.slice(0, 200))`).([]any) {
				t.Errorf("wider than its box: %s", wide)
			}
			if w := c.js(`Math.min(...[...document.querySelectorAll("tr.item > th")].map((e) => e.clientWidth))`).(float64); w < 300 {
				t.Errorf("a cache has %v pixels for its name", w)
			}
			headed := regexp.MustCompile(`^(bad|ask|blind|ex)" (NS|DP|LT|IM|AM|TC)-\d [A-Z]|^tip" advisories"`)
			for _, cell := range c.js(`[...document.querySelectorAll("tr.item > td")].
				filter((e) => e.checkVisibility() && e.clientWidth > 1).map((e) => e.className + getComputedStyle(e, "::after").content)`).([]any) {
				if !headed.MatchString(cell.(string)) {
					t.Errorf("a cell without its heading, or without need: %s", cell)
				}
			}
		})
	}
}

// An address breaks at its dots and slashes alone.
func TestHTMLAddressesBreakAtDots(t *testing.T) {
	r := manyCaches(3)
	address := `module.platform.module.shop-cache-for-sessions.azurerm_redis_cache.primary-of-the-pair`
	r.Caches[0].Address = &address
	c := openPage(t, encode(t, "html", r, EncodeOptions{}))
	c.width(400)
	// Each piece between two breaks stands on one line.
	pieces := c.js(`[...document.querySelectorAll("tr.item a")].flatMap((a) => [...a.childNodes].
		filter((n) => n.nodeType === 3).map((n) => {
		const range = document.createRange(); range.selectNode(n); return range.getClientRects().length + " " + n.data }))`).([]any)
	if len(pieces) < 12 {
		t.Errorf("%d pieces", len(pieces))
	}
	for _, piece := range pieces {
		if !strings.HasPrefix(piece.(string), "1 ") {
			t.Errorf("broken within: %s", piece)
		}
	}
	if fits := c.js(`(({scrollWidth, clientWidth, clientHeight}) => scrollWidth <= clientWidth && clientHeight > 30)(
		document.querySelector("tr.item a"))`); fits != true {
		t.Error("the address does not take several lines that fit")
	}
}

// In print the matrix is whole, nothing sticks or waits for a click, colours are light,
// and each page has the headings.
func TestHTMLInPrint(t *testing.T) {
	c := openPage(t, encode(t, "html", manyCaches(100), EncodeOptions{}))
	c.media("print", "dark")
	for expression, want := range map[string]any{
		`getComputedStyle(document.querySelector(".matrix").parentElement).maxHeight`:                     "none",
		`getComputedStyle(document.querySelector(".matrix thead th")).position`:                           "static",
		`getComputedStyle(document.querySelector(".matrix thead")).display`:                               "table-header-group",
		`getComputedStyle(document.querySelector("tr.item")).breakInside`:                                 "avoid",
		`getComputedStyle(document.body).backgroundColor`:                                                 "rgb(255, 255, 255)",
		`getComputedStyle(document.body).color`:                                                           "rgb(0, 0, 0)",
		`[...document.querySelectorAll("nav, .filter")].filter((e) => e.checkVisibility()).length`:        0.0,
		`[...document.querySelectorAll("h1, .facts, .legend")].filter((e) => e.checkVisibility()).length`: 3.0,
	} {
		if got := c.js(expression); got != want {
			t.Errorf("%s: %v, want %v", expression, got, want)
		}
	}
	c.js(`document.querySelector("details.item").open = true`)
	if n := c.count("details.item li"); n == 0.0 {
		t.Error("details that are unfolded are not printed")
	}
	c.media("", "")
	var pdf struct{ Data []byte }
	c.call("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, &pdf)
	if pages := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf.Data, -1)); pages < 4 || pages > 15 {
		t.Errorf("%d pages for 100 caches (%s)", pages, base64.StdEncoding.EncodeToString(pdf.Data[:8]))
	}
}

// Light and dark, each text differs enough from its ground: 4.5 to 1, as WCAG 2 asks.
func TestHTMLContrast(t *testing.T) {
	c := openPage(t, encode(t, "html", fiveCaches(), EncodeOptions{}))
	grounds := map[string]any{}
	for _, scheme := range []string{"light", "dark"} {
		c.media("screen", scheme)
		grounds[scheme] = c.js(`getComputedStyle(document.body).backgroundColor`)
		for _, low := range c.js(lowContrast).([]any) {
			t.Errorf("%s: %s", scheme, low)
		}
	}
	if grounds["light"] == grounds["dark"] {
		t.Errorf("light and dark are the same: %v", grounds)
	}
}

const lowContrast = `(() => {
	const parts = (c) => c.match(/[\d.]+/g).map(Number);
	const light = (c) => parts(c).slice(0, 3).map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const ground = (e) => { const c = getComputedStyle(e).backgroundColor; return parts(c)[3] === 0 ? ground(e.parentElement) : c; };
	return [...document.querySelectorAll("body *")].
		filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).
		map((e) => { const a = light(getComputedStyle(e).color), b = light(ground(e));
			return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.outerHTML.slice(0, 120)]; }).
		filter(([ratio]) => ratio < 4.5).map(([ratio, html]) => ratio.toFixed(1) + " of " + html);
})()`

// A screen reader finds landmarks and headings; tables have captions and headings of
// columns and rows, and no verdict is told by colour alone.
func TestHTMLForAScreenReader(t *testing.T) {
	c := openPage(t, encode(t, "html", fiveCaches(), EncodeOptions{}))
	c.call("Accessibility.enable", nil, nil)
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value any }
		}
	}
	c.call("Accessibility.getFullAXTree", nil, &tree)
	var have []string
	for _, n := range tree.Nodes {
		if role, _ := n.Role.Value.(string); !n.Ignored {
			name, _ := n.Name.Value.(string)
			have = append(have, role+" "+name)
		}
	}
	for _, want := range []string{
		"banner ", "main ", "contentinfo ", "navigation On this page", "search Filter of the caches", "region Rule by rule", "region All caches",
		"region Cache by cache", "region Advisories, and what was not observed", "region What was judged",
		"heading Fails: 4 violations in 2 of 5 caches", "table Features by cache, the worst cache first",
		"columnheader NS-2 Disable Public Network Access high", "rowheader azurerm_redis_cache. orders 1 violation", "cell violation",
		"radio 2 in violation", "radio DP-3/data-in-transit-encryption violated: 1 cache",
	} {
		if !slices.Contains(have, want) {
			t.Errorf("no %q among %d nodes", want, len(have))
		}
	}
	for what, selector := range map[string]string{
		"tables without a caption":        "table:not(:has(> caption))",
		"headings of tables of no scope":  "th:not([scope])",
		"cells of a colour without words": "td[class]:not(:is(.matrix *)):empty, .matrix td[class]:not(.soft):empty",
		"fields without a label":          "input:not([aria-label]):not(label *)",
	} {
		if n := c.js("document.querySelectorAll(`" + selector + "`).length"); n != 0.0 {
			t.Errorf("%v %s", n, what)
		}
	}
}
