package runtask

import (
	"bytes"
	"compress/gzip"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const (
	// pageMemory is the largest size in bytes of all pages in memory; the oldest are
	// dropped.
	pageMemory = 64 << 20
	// pageCaches is the largest number of caches that a page shows, because a page is
	// in memory while it is written. A page that shows fewer caches than the plan has
	// says so, and so does the message that links to it.
	pageCaches = 2000
)

// pageHeader is the content security policy of pages.
var pageHeader = "default-src 'none'; style-src 'unsafe-inline'; script-src " + report.HTMLScriptSource +
	"; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pageSuffix is the end of the name of a page's file.
const pageSuffix = ".html.gz"

var pageID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// PageOptions are the place and the links of report pages.
type PageOptions struct {
	PublicURL string        // address of the service as people reach it
	Directory string        // empty keeps pages in memory
	Lifetime  time.Duration // of a link and its page
	// Now is the clock that pages expire by, that of the service; nil means time.Now.
	Now func() time.Time
}

// pages is a store of report pages. Their links cannot be guessed, are signed, and
// expire. Instances with the same directory and the same signing keys of requests
// serve each other's pages.
type pages struct {
	base     string
	lifetime time.Duration
	now      func() time.Time
	keys     [][]byte // the first signs; links that any of them signed are valid
	dir      *os.Root // nil keeps pages in memory
	caches   int      // largest number of caches on a page

	mu     sync.Mutex
	closed bool
	timer  *time.Timer // of the next sweep
	held   map[string]heldPage
	order  []string
	bytes  int
}

type heldPage struct {
	packed  []byte
	expires time.Time
}

// newPages returns nil when no public address is set.
func newPages(o PageOptions, keys Keys) (*pages, error) {
	if o.PublicURL == "" {
		return nil, nil
	}
	u, err := url.Parse(o.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the public URL is not an absolute http or https address")
	}
	p := &pages{base: strings.TrimSuffix(u.String(), "/"), lifetime: o.Lifetime, now: o.Now, caches: pageCaches, held: map[string]heldPage{}}
	if p.now == nil {
		p.now = time.Now
	}
	if len(keys) == 0 {
		secret := make([]byte, 32)
		rand.Read(secret)
		keys = Keys{secret}
	}
	for _, secret := range keys {
		key, err := hkdf.Key(sha256.New, secret, nil, "redisbaseline report links", 32)
		if err != nil {
			return nil, err
		}
		p.keys = append(p.keys, key)
	}
	if o.Directory != "" {
		if p.dir, err = os.OpenRoot(o.Directory); err != nil {
			return nil, fmt.Errorf("the directory of report pages cannot be opened: %w", err)
		}
	}
	p.keepSweeping()
	return p, nil
}

// put stores a page, packed by gzip, and returns its link.
func (p *pages) put(packed []byte) (string, error) {
	raw := make([]byte, 16)
	rand.Read(raw)
	id, expires := hex.EncodeToString(raw), p.now().Add(p.lifetime)
	if err := p.store(id, packed, expires); err != nil {
		return "", err
	}
	stamp := strconv.FormatInt(expires.Unix(), 10)
	return p.base + "/reports/" + id + "?" + url.Values{"expires": {stamp}, "signature": {sign(p.keys[0], id, stamp)}}.Encode(), nil
}

func sign(key []byte, id, expires string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + expires)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// signed reports whether a link was made with one of the keys.
func (p *pages) signed(id, expires, signature string) bool {
	fits := false
	for _, key := range p.keys {
		fits = hmac.Equal([]byte(sign(key, id, expires)), []byte(signature)) || fits
	}
	return fits
}

func (p *pages) store(id string, packed []byte, expires time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	if p.dir != nil {
		name, now := id+pageSuffix, p.now()
		if err := p.dir.WriteFile(name, packed, 0o600); err != nil {
			return err
		}
		_ = p.dir.Chtimes(name, now, now) // on an error the page expires by the file system's clock
		return nil
	}
	if len(packed) > pageMemory {
		return errors.New("the page is too large to be kept in memory")
	}
	p.held[id] = heldPage{packed, expires}
	p.order = append(p.order, id)
	p.bytes += len(packed)
	for p.bytes > pageMemory {
		p.dropOldest()
	}
	return nil
}

func (p *pages) dropOldest() {
	p.bytes -= len(p.held[p.order[0]].packed)
	delete(p.held, p.order[0])
	p.order = p.order[1:]
}

// longestSweep is the longest time between two sweeps.
const longestSweep = 10 * time.Minute

// keepSweeping sweeps now and then periodically until close, so that pages are
// removed when their links expire, even if no page is stored after them and if
// another process stored them.
func (p *pages) keepSweeping() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.sweep()
	p.timer = time.AfterFunc(min(max(p.lifetime, time.Second), longestSweep), p.keepSweeping)
}

// sweep removes the pages whose links have expired, and no other files.
func (p *pages) sweep() {
	for len(p.order) > 0 && p.held[p.order[0]].expires.Before(p.now()) {
		p.dropOldest()
	}
	if p.dir == nil {
		return
	}
	entries, err := fs.ReadDir(p.dir.FS(), ".")
	if err != nil {
		return
	}
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), pageSuffix)
		info, err := e.Info()
		if ok && pageID.MatchString(id) && err == nil && p.now().Sub(info.ModTime()) > p.lifetime {
			_ = p.dir.Remove(e.Name())
		}
	}
}

func (p *pages) load(id string) ([]byte, bool) {
	if p.dir != nil {
		packed, err := p.dir.ReadFile(id + pageSuffix)
		return packed, err == nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	page, ok := p.held[id]
	return page.packed, ok
}

// ServeHTTP serves one page. It answers a wrong link like one that has expired.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, query := r.PathValue("id"), r.URL.Query()
	stamp := query.Get("expires")
	expires, err := strconv.ParseInt(stamp, 10, 64)
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	if !pageID.MatchString(id) || err != nil || !p.signed(id, stamp, query.Get("signature")) || p.now().Unix() > expires {
		http.Error(w, "there is no such report, or its link has expired", http.StatusNotFound)
		return
	}
	packed, ok := p.load(id)
	html, err := gzip.NewReader(bytes.NewReader(packed))
	if !ok || err != nil {
		http.Error(w, "there is no such report, or its link has expired", http.StatusNotFound)
		return
	}
	h.Set("Content-Security-Policy", pageHeader)
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.Copy(w, html) // an error means that the client has gone
}

func (p *pages) close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.timer.Stop()
	if p.dir != nil {
		_ = p.dir.Close()
	}
}
