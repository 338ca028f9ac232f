package sizing_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

const ordersID = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/Shop/providers/Microsoft.Cache/Redis/orders"

// series is a metric in an answer of az: data are elements of "data", shard is empty
// for a metric that is not split.
func series(id, metric, unit, shard, data string) string {
	dimensions := ""
	if shard != "" {
		dimensions = `{"name":{"localizedValue":"shardid","value":"shardid"},"value":"` + shard + `"}`
	}
	return `{"id":"` + id + `/providers/Microsoft.Insights/metrics/` + metric + `","type":"Microsoft.Insights/metrics","unit":"` + unit +
		`","errorCode":"Success","name":{"value":"` + metric + `","localizedValue":"x"},"timeseries":[{"metadatavalues":[` + dimensions +
		`],"data":[` + data + `]}]}`
}

func answer(series ...string) string {
	return `{"cost":0,"interval":"PT1H","namespace":"Microsoft.Cache/redis","resourceregion":"westeurope",` +
		`"timespan":"2026-11-21T00:00:00Z/2026-11-28T00:00:00Z","value":[` + strings.Join(series, ",") + `]}`
}

// memory is an answer with one metric that is not split by shard.
func memory(data string) string { return answer(series(ordersID, "usedmemoryRss", "Bytes", "", data)) }

// point is an hour of 21 November as newer versions of az write it.
func point(hour int, maximum float64) string {
	return fmt.Sprintf(`{"timeStamp":"2026-11-21T%02d:00:00Z","average":1.5,"maximum":%v}`, hour, maximum)
}

func read(t *testing.T, text string) *sizing.Metrics {
	t.Helper()
	m, err := sizing.ReadMetrics(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func byID(id string) *posture.Cache {
	return &posture.Cache{Type: service.Redis.Type, ResourceID: posture.Known(id, "id")}
}

func byName(name string) *posture.Cache {
	return &posture.Cache{Type: service.Redis.Type, Name: posture.Known(name, "name")}
}

func TestReadJSON(t *testing.T) {
	hours := func(from, to int) (time.Time, time.Time) {
		day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
		return day.Add(time.Duration(from) * time.Hour), day.Add(time.Duration(to) * time.Hour)
	}
	from, to := hours(0, 1)
	split := answer(
		series(ordersID, "usedmemoryRss", "Bytes", "0", point(0, 10)+","+point(1, 40)),
		series(ordersID, "usedmemoryRss", "Bytes", "1", point(0, 35)+","+point(1, 2)),
		series(ordersID, "serverLoad", "Percent", "0", point(0, 12.5)),
		series(ordersID, "serverLoad", "Percent", "1", point(1, 62.5)),
		series(ordersID, "connectedclients", "Count", "0", point(0, 300)),
		series(ordersID, "connectedclients", "Count", "1", point(0, 200)),
		series(ordersID, "cacheRead", "BytesPerSecond", "1", point(0, 200)),
	)
	want := sizing.Peaks{UsedMemoryRSS: 45, ShardRSS: 40, Shards: 2, ServerLoad: 62.5, Clients: 300,
		HasMemory: true, HasLoad: true, HasClients: true, From: from, To: to}
	half := sizing.Peaks{UsedMemoryRSS: 7, ShardRSS: 7, HasMemory: true, From: from, To: from}
	for name, tc := range map[string]struct {
		text string
		want sizing.Peaks
	}{
		"split by shard":         {split, want},
		"twice, not counted so":  {split + "\n" + split, want},
		"an array":               {"[" + split + "," + split + "]", want},
		"arrays":                 {" \n[" + split + "]\n[]\n[" + split + "]", want},
		"byte order mark":        {"\ufeff" + split, want},
		"dimension in its case":  {strings.ReplaceAll(split, `"shardid"`, `"ShardId"`), want},
		"metric in another case": {strings.ReplaceAll(split, "usedmemoryRss", "UsedMemoryRSS"), want},
		"all variants":           {strings.NewReplacer("usedmemoryRss", "allusedmemoryRss", "serverLoad", "allserverLoad").Replace(split), want},
		"offset":                 {memory(`{"timeStamp":"2026-11-21T00:00:00+00:00","maximum":7}`), half},
		"older az, with nulls": {memory(`{"timeStamp":"2026-11-21T00:00:00+00:00",` +
			`"average":null,"count":null,"maximum":7.0,"minimum":null,"total":null}`), half},
		"an hour without a value": {memory(point(0, 7) + `,{"timeStamp":"2026-11-21T05:00:00Z"}`), half},
		"metrics of shards by name": {answer(
			series(ordersID, "usedmemoryRss0", "Bytes", "", point(0, 3)), series(ordersID, "usedmemoryRss1", "Bytes", "", point(0, 4)),
			series(ordersID, "usedmemoryRss", "Bytes", "", point(0, 4))),
			sizing.Peaks{UsedMemoryRSS: 7, ShardRSS: 4, Shards: 2, HasMemory: true, From: from, To: from}},
		"primary and replica of one shard": {answer(
			series(ordersID, "allusedmemoryRss", "Bytes", "0", point(0, 7)), series(ordersID, "allusedmemoryRss", "Bytes", "0", point(0, 6))),
			sizing.Peaks{UsedMemoryRSS: 7, ShardRSS: 7, Shards: 1, HasMemory: true, From: from, To: from}},
	} {
		m := read(t, tc.text)
		if got := m.For(byID(strings.ToUpper(ordersID))); got == nil || !reflect.DeepEqual(*got, tc.want) {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
		if left := m.Unused(); len(left) > 0 {
			t.Errorf("%s: %v is left", name, left)
		}
	}
	if m := read(t, split); m.Ignored != 1 {
		t.Errorf("%d series are ignored, want 1", m.Ignored)
	}
}

func TestReadCSV(t *testing.T) {
	at := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	split := sizing.Peaks{UsedMemoryRSS: 45, ShardRSS: 40, Shards: 2, ServerLoad: 62.5, HasMemory: true, HasLoad: true,
		From: at, To: at.Add(time.Hour)}
	for name, tc := range map[string]struct {
		text  string
		cache *posture.Cache
		want  sizing.Peaks
	}{
		"by id": {"resource_id,metric,timestamp,shard,maximum,average\r\n" +
			ordersID + ",usedmemoryRss,2026-11-21T00:00:00Z,0,5,1\r\n" +
			ordersID + ",usedmemoryRss,2026-11-21T00:30:00Z,0,10,\r\n" +
			ordersID + ",usedmemoryRss,2026-11-21T01:00:00Z,0,40,\r\n" +
			ordersID + ",usedmemoryRss,2026-11-21T00:00:00Z,1,35,\r\n" +
			ordersID + ",usedmemoryRss,2026-11-21T01:00:00Z,1,,\r\n" +
			ordersID + ",serverLoad,2026-11-21T01:00:00+00:00,1,62.5,\r\n", byID(ordersID), split},
		"by name, columns in another order": {"\ufeffMaximum, Name ,shard,Metric,note,timestamp\n" +
			"1e1,Orders,0,USEDMEMORYRSS,x,2026-11-21T00:00:00Z\n40,orders,0,usedmemoryRss,x,2026-11-21T01:00:00Z\n" +
			"35,orders,1,usedmemoryRss,x,2026-11-21T00:00:00Z\n62.5,orders,1,serverLoad,x,2026-11-21T01:00:00Z\n", byName("ORDERS"), split},
	} {
		m := read(t, tc.text)
		if got := m.For(tc.cache); got == nil || !reflect.DeepEqual(*got, tc.want) {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

// A cache gets its own peaks and no others, and what no cache asked for is left.
func TestMetricsOfOtherCaches(t *testing.T) {
	other := strings.Replace(ordersID, "/Shop/", "/other/", 1)
	items := strings.Replace(ordersID, "/orders", "/items", 1)
	one := func(id string) string { return answer(series(id, "serverLoad", "Percent", "", point(0, 1))) }
	m := read(t, one(ordersID)+one(other)+one(items))
	if m.For(byName("orders")) != nil {
		t.Error("two ids end in the name")
	}
	if m.For(byName("tems")) != nil || m.For(&posture.Cache{}) != nil || m.For(byID(ordersID+"x")) != nil {
		t.Error("peaks of another cache")
	}
	if m.For(byName("Items")) == nil {
		t.Error("no peaks by a name of which there is one id")
	}
	m.For(byID(other))
	if got := m.Unused(); !reflect.DeepEqual(got, []string{strings.ToLower(ordersID)}) {
		t.Errorf("left are %v", got)
	}
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() { m.For(byID(ordersID)) })
	}
	asking.Wait()
	if got := m.Unused(); got != nil {
		t.Errorf("left are %v", got)
	}
}

func TestMetricsThatAreRefused(t *testing.T) {
	good := memory(point(0, 1))
	const head = "name,metric,timestamp,maximum\n"
	for name, tc := range map[string]struct{ text, want string }{
		"empty":              {" \n", "is empty"},
		"negative":           {memory(point(0, -1)), "record 1 of the metrics: maximum 1 of usedmemoryRss is no number"},
		"negative, in 2":     {good + memory(point(0, 1)+","+point(1, -1)), "record 2 of the metrics: maximum 2"},
		"infinite":           {memory(`{"timeStamp":"2026-11-21T00:00:00Z","maximum":1e999}`), "value.timeseries.data.maximum"},
		"not a number":       {memory(`{"timeStamp":"2026-11-21T00:00:00Z","maximum":NaN}`), "is no JSON"},
		"a text":             {memory(`{"timeStamp":"2026-11-21T00:00:00Z","maximum":"geheim"}`), "has a value of another type"},
		"no time":            {memory(`{"timeStamp":"geheim","maximum":1}`), "timeStamp 1 of usedmemoryRss is no time"},
		"cut off":            {good[:len(good)-9], "cut off"},
		"cut off in array":   {"[" + good, "cut off"},
		"object after array": {"[" + good + "]" + good, "stands behind an array"},
		"array after object": {good + "[" + good + "]", "another type"},
		"something else":     {`{"geheim":1}`, "has no value"},
		"null in an array":   {`[null]`, "has no value"},
		"other type":         {strings.ReplaceAll(good, "Microsoft.Cache/Redis", "Microsoft.Compute/geheim"), "Microsoft.Cache/redisEnterprise"},
		"no id of a metric":  {strings.ReplaceAll(good, "/providers/Microsoft.Insights/metrics/", "/geheim/"), "no id of a metric"},
		"unread, other type": {strings.NewReplacer("Microsoft.Cache/Redis", "Microsoft.Sql/servers", "usedmemoryRss", "cpu").Replace(good),
			"no ARM id of a cache"},
		"unit":          {strings.ReplaceAll(good, `"Bytes"`, `"Percent"`), "unit of usedmemoryRss is not Bytes"},
		"errorCode":     {strings.ReplaceAll(good, `"Success"`, `"geheim"`), "errorCode is not Success"},
		"averages only": {memory(`{"timeStamp":"2026-11-21T00:00:00Z","average":1}`), "--aggregation Maximum"},

		"csv without a column": {"name,metric,timestamp\n", "no column maximum"},
		"csv without a cache":  {"metric,timestamp,maximum\n", "neither a column resource_id nor a column name"},
		"csv column twice":     {"name,name,metric,timestamp,maximum\n", "the column name twice"},
		"csv with semicolons":  {strings.ReplaceAll(head, ",", ";"), "with commas"},
		"csv row too short":    {head + "a,b\n", "line 2"},
		"csv value": {head + "a,serverLoad,2026-11-21T00:00:00Z,1\nb,serverLoad,2026-11-21T00:00:00Z,geheim\n",
			"line 3 of the metrics: the column maximum"},
		"csv NaN":      {head + "a,serverLoad,2026-11-21T00:00:00Z,NaN\n", "the column maximum is no number"},
		"csv Inf":      {head + "a,serverLoad,2026-11-21T00:00:00Z,+Inf\n", "the column maximum is no number"},
		"csv negative": {head + "a,serverLoad,2026-11-21T00:00:00Z,-1\n", "the column maximum is no number"},
		"csv time":     {head + "a,serverLoad,21.11.2026,1\n", "line 2 of the metrics: the column timestamp"},
		"csv name":     {head + "a b,serverLoad,2026-11-21T00:00:00Z,1\n", "the column name is no name"},
		"csv no name":  {head + ",serverLoad,2026-11-21T00:00:00Z,1\n", "the column metric is of no cache"},
		"csv quote":    {head + "\"a,serverLoad\n", "line 2"},
		"csv id": {"resource_id,metric,timestamp,maximum\n/subscriptions/x,serverLoad,2026-11-21T00:00:00Z,1\n",
			"the column resource_id is no ARM id"},
		"csv long id": {"resource_id,metric,timestamp,maximum\n/subscriptions/x/resourceGroups/" + strings.Repeat("g", 500) +
			"/providers/Microsoft.Cache/redis/a,serverLoad,2026-11-21T00:00:00Z,1\n", "the column resource_id is no ARM id"},
	} {
		m, err := sizing.ReadMetrics(strings.NewReader(tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.want) || m != nil {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: the error quotes a value: %v", name, err)
		}
	}
}

// What is read has sane figures, and the same file twice has no other ones.
func checkMetrics(t *testing.T, text, twice string) {
	m, err := sizing.ReadMetrics(strings.NewReader(text))
	if err != nil {
		return
	}
	again, err := sizing.ReadMetrics(strings.NewReader(twice))
	if err != nil {
		t.Fatalf("the file twice: %v", err)
	}
	ids := m.Unused()
	if !reflect.DeepEqual(ids, again.Unused()) {
		t.Fatalf("%v, the file twice: %v", ids, again.Unused())
	}
	for _, id := range ids {
		cache := byID(id)
		if !strings.HasPrefix(id, "/") {
			cache = byName(id)
		}
		p, q := m.For(cache), again.For(cache)
		if p == nil || q == nil || *p != *q {
			t.Fatalf("%s: %+v, the file twice: %+v", id, p, q)
		}
		if p.UsedMemoryRSS < p.ShardRSS || math.IsInf(p.UsedMemoryRSS, 0) || math.IsNaN(p.UsedMemoryRSS) || p.Clients < 0 || p.To.Before(p.From) {
			t.Fatalf("%s: %+v", id, p)
		}
	}
}

func FuzzMetricsJSON(f *testing.F) {
	f.Add(answer(series(ordersID, "usedmemoryRss", "Bytes", "0", point(0, 10)+","+point(1, 40)),
		series(ordersID, "serverLoad1", "Percent", "", point(0, 1))))
	f.Add("[" + answer(series(ordersID, "connectedclients", "", "", point(0, 10))) + "]")
	f.Fuzz(func(t *testing.T, text string) {
		if text = strings.TrimSpace(text); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			checkMetrics(t, text, text+text)
		}
	})
}

func FuzzMetricsCSV(f *testing.F) {
	f.Add("resource_id,metric,timestamp,shard,maximum", ordersID+",usedmemoryRss,2026-11-21T00:00:00Z,0,5\n")
	f.Add("name,metric,timestamp,maximum,average", "orders,allserverLoad,2026-11-21T00:00:00Z,5.5,\n")
	f.Fuzz(func(t *testing.T, head, rows string) {
		if head = strings.TrimSpace(head); head != "" && head[0] != '{' && head[0] != '[' && !strings.ContainsAny(head+rows, "\"\r") {
			checkMetrics(t, head+"\n"+rows, head+"\n"+rows+"\n"+rows)
		}
	})
}

// Files on one cache have its greatest values together.
func TestJoin(t *testing.T) {
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	memory := &sizing.Peaks{UsedMemoryRSS: 10, ShardRSS: 6, Shards: 2, HasMemory: true, From: day, To: day.AddDate(0, 0, 7)}
	load := &sizing.Peaks{ServerLoad: 40, HasLoad: true, From: day.AddDate(0, 0, -1), To: day.AddDate(0, 0, 6)}
	want := sizing.Peaks{
		UsedMemoryRSS: 10, ShardRSS: 6, Shards: 2, HasMemory: true, ServerLoad: 40, HasLoad: true, From: load.From, To: memory.To,
	}
	if got := memory.Join(load); *got != want {
		t.Errorf("%+v", *got)
	}
	if got := load.Join(memory); *got != want {
		t.Errorf("the other way round: %+v", *got)
	}
	if memory.Join(nil) != memory || (*sizing.Peaks)(nil).Join(load) != load {
		t.Error("a file without the cache changes its peaks")
	}
}
