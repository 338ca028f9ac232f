package sizing

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// mostBytes is the largest size of a file of metrics. A week of three metrics by the
// hour has about 45 KB for each shard.
const mostBytes = 2 << 30

// Metrics are the peaks of caches, as a file of metrics has them.
type Metrics struct {
	byID   map[string]*Peaks // by ARM id in lower case
	byName map[string]*Peaks // by name in lower case, of a CSV without ids
	// Ignored counts the series, or rows of a CSV, of metrics that decide nothing.
	Ignored int

	lock sync.Mutex
	used map[*Peaks]bool
}

// ReadMetrics reads a file of metrics: the JSON that `az monitor metrics list` writes,
// one answer, an array of them or one after the other; or a CSV whose first line names
// its columns, in any order:
//
//	resource_id  ARM id of the cache; or
//	name         its name, which is unique in a cloud for Azure Cache for Redis
//	metric       usedmemoryRss in bytes, serverLoad in percent, connectedclients
//	timestamp    RFC 3339
//	maximum      greatest value since then; empty for none
//	shard        number of the shard, where the metric is split by it (optional)
//	average      not read (optional)
//
// Other columns are not read. Names of metrics count in any case; all… variants count
// as the metric itself, and names that end in 0 to 9 as that of a shard. Within an
// hour the memory of a cache is the sum of the greatest values of its shards; load and
// clients are those of the greatest shard.
//
// An error names the line and column, or the record. It never quotes a value.
func ReadMetrics(r io.Reader) (*Metrics, error) {
	in := bufio.NewReaderSize(&bounded{r: r, left: mostBytes}, 1<<16)
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\ufeff")) {
		_, _ = in.Discard(3)
	}
	c := &collector{caches: map[cacheKey]*samples{}}
	first, err := firstByte(in)
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file of metrics is empty")
	case err != nil:
		return nil, err
	case first == '{' || first == '[':
		err = readJSON(in, first == '[', c)
	default:
		err = readCSV(in, c)
	}
	if err != nil {
		return nil, err
	}
	return c.metrics(), nil
}

// For returns the peaks of a cache, nil where the file has none: by its id; by its name
// where the file has names, or where the id of the cache is not known and one id only
// of the file ends in the name.
func (m *Metrics) For(c *posture.Cache) *Peaks {
	p := m.find(c)
	if p == nil {
		return nil
	}
	m.lock.Lock()
	m.used[p] = true
	m.lock.Unlock()
	return p
}

// Join returns the greatest values of two files on one cache; each may be nil, for a file
// without the cache.
func (p *Peaks) Join(q *Peaks) *Peaks {
	if p == nil || q == nil {
		return cmp.Or(p, q)
	}
	joined := Peaks{
		UsedMemoryRSS: max(p.UsedMemoryRSS, q.UsedMemoryRSS), ShardRSS: max(p.ShardRSS, q.ShardRSS), Shards: max(p.Shards, q.Shards),
		ServerLoad: max(p.ServerLoad, q.ServerLoad), Clients: max(p.Clients, q.Clients),
		HasMemory: p.HasMemory || q.HasMemory, HasLoad: p.HasLoad || q.HasLoad, HasClients: p.HasClients || q.HasClients,
		From: p.From, To: p.To,
	}
	if q.From.Before(p.From) {
		joined.From = q.From
	}
	if q.To.After(p.To) {
		joined.To = q.To
	}
	return &joined
}

func (m *Metrics) find(c *posture.Cache) *Peaks {
	id, hasID := c.ResourceID.Get()
	if p := m.byID[armid.Key(id)]; hasID && p != nil {
		return p
	}
	name, ok := c.Name.Get()
	if !ok {
		return nil
	}
	name = strings.ToLower(name)
	if p := m.byName[name]; p != nil || hasID {
		return p
	}
	suffix := strings.ToLower("/providers/"+service.OfCache(c).Type+"/") + name
	var found *Peaks
	for id, p := range m.byID {
		if strings.HasSuffix(id, suffix) {
			if found != nil {
				return nil
			}
			found = p
		}
	}
	return found
}

// Unused returns ids and names of which For returned no peaks, sorted: metrics of other
// caches than those that were asked for.
func (m *Metrics) Unused() []string {
	m.lock.Lock()
	defer m.lock.Unlock()
	var out []string
	for _, of := range []map[string]*Peaks{m.byID, m.byName} {
		for key, p := range of {
			if !m.used[p] {
				out = append(out, key)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Empty reports whether the file has no value of a metric that decides.
func (m *Metrics) Empty() bool { return len(m.byID)+len(m.byName) == 0 }

// cacheKey is a cache in a file of metrics, by its id or else by its name.
type cacheKey struct{ id, name string }

// samples are the values of one cache.
type samples struct {
	Peaks
	memory map[hourOfShard]float64 // greatest value
}

// hourOfShard is an hour, counted from 1970, of one shard; shard is empty for a value
// that is not split by shard.
type hourOfShard struct {
	hour  int64
	shard string
}

// collector takes the values of a file, in any order.
type collector struct {
	caches  map[cacheKey]*samples
	ignored int
}

// metric is a metric that decides on a size.
type metric int

const (
	usedMemory metric = iota
	serverLoad
	clients
)

// metrics are the metrics that decide, by their names in lower case.
var metrics = map[string]struct {
	metric metric
	name   string
	unit   string
	most   float64 // that a value can be
}{
	"usedmemoryrss":    {usedMemory, "usedmemoryRss", "Bytes", 1 << 50},
	"serverload":       {serverLoad, "serverLoad", "Percent", 1000},
	"connectedclients": {clients, "connectedclients", "Count", 1e9},
}

// parseMetric reads the name of a metric, in any case, and the shard that old names
// have at their end; ok is false for one that decides nothing.
func parseMetric(name string) (base, shard string, ok bool) {
	base = strings.TrimPrefix(strings.ToLower(name), "all")
	if last := len(base) - 1; last > 0 && '0' <= base[last] && base[last] <= '9' {
		base, shard = base[:last], base[last:]
	}
	_, ok = metrics[base]
	return base, shard, ok
}

var errValue = errors.New("is no number from 0 up that this metric can have")

// add takes one value of a metric by its name in lower case.
func (c *collector) add(key cacheKey, base, shard string, at time.Time, value float64) error {
	m := metrics[base]
	if math.IsNaN(value) || value < 0 || value > m.most {
		return errValue
	}
	s := c.caches[key]
	if s == nil {
		s = &samples{memory: map[hourOfShard]float64{}}
		c.caches[key] = s
	}
	if s.From.IsZero() || at.Before(s.From) {
		s.From = at
	}
	if at.After(s.To) {
		s.To = at
	}
	switch m.metric {
	case usedMemory:
		k := hourOfShard{at.Unix() / 3600, shard}
		s.memory[k] = max(s.memory[k], value)
		s.HasMemory = true
	case serverLoad:
		s.ServerLoad, s.HasLoad = max(s.ServerLoad, value), true
	case clients:
		s.Clients, s.HasClients = max(s.Clients, int(math.Ceil(value))), true
	}
	return nil
}

// metrics sums up what was taken.
func (c *collector) metrics() *Metrics {
	m := &Metrics{byID: map[string]*Peaks{}, byName: map[string]*Peaks{}, Ignored: c.ignored, used: map[*Peaks]bool{}}
	for key, s := range c.caches {
		s.sumMemory()
		if key.id != "" {
			m.byID[key.id] = &s.Peaks
		} else {
			m.byName[key.name] = &s.Peaks
		}
	}
	return m
}

// sumMemory finds the hour in which the shards together took the most memory.
func (s *samples) sumMemory() {
	hours, shards := map[int64]float64{}, map[string]bool{}
	// In a fixed order, in which sums of floating point numbers are always the same.
	for _, k := range slices.SortedFunc(maps.Keys(s.memory), func(a, b hourOfShard) int { return strings.Compare(a.shard, b.shard) }) {
		value := s.memory[k]
		s.ShardRSS = max(s.ShardRSS, value)
		if k.shard == "" { // the greatest of the shards, which are not to be counted twice
			s.UsedMemoryRSS = max(s.UsedMemoryRSS, value)
			continue
		}
		shards[k.shard] = true
		hours[k.hour] += value
	}
	for _, sum := range hours {
		s.UsedMemoryRSS = max(s.UsedMemoryRSS, sum)
	}
	s.Shards = len(shards)
}

var errOtherType = errors.New("is no ARM id of a cache: want one of Microsoft.Cache/redis or Microsoft.Cache/redisEnterprise")

// idKey is the key of a cache by its ARM id.
func idKey(id string) (cacheKey, error) {
	parsed, ok := armid.Parse(id)
	if !ok || service.Of(parsed.Type) == nil || len(id) > longestID || !plainID.MatchString(id) {
		return cacheKey{}, errOtherType
	}
	return cacheKey{id: "/" + armid.Key(strings.Trim(id, "/"))}, nil
}

// longestID is the most bytes of an id. It is no count in the expression, of which a copy
// for each would be made whenever the program starts.
const longestID = 500

var (
	plainID   = regexp.MustCompile(`^[A-Za-z0-9/._()-]+$`)
	plainName = regexp.MustCompile(`^[A-Za-z0-9-]{1,63}$`)
)

// instant reads a timestamp, which Azure writes with Z or with an offset.
func instant(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Year() < 2000 || at.Year() > 2200 {
		return time.Time{}, errors.New("is no time in the form 2026-11-21T00:00:00Z")
	}
	return at.UTC(), nil
}

// firstByte returns the first byte that is no white space, and leaves it to be read.
func firstByte(in *bufio.Reader) (byte, error) {
	for {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		if !bytes.ContainsRune([]byte(" \t\r\n"), rune(b)) {
			return b, in.UnreadByte()
		}
	}
}

// bounded is a reader that ends with an error behind so many bytes.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("the file of metrics has more than %d bytes", int64(mostBytes))
	}
	return n, err
}
