package sizing

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Thresholds of the series. Source: the migration skill, "Choosing the Right
// Performance Tier" and its decision matrix, in percent of the provisioned memory and
// of the server load. Its scenarios call a load of 30 % low and one of 40 % moderate.
const (
	highLoad, lowLoad     = 70, 40
	highMemory, lowMemory = 0.70, 0.50
)

// nearLimit is the share of the most connections from which their number is near the
// limit, so that a larger size is due. The skill gives no figure: this one fits its
// scenario of 25,000 connections, for which X5 with its 30,000 is too small.
const nearLimit = 0.8

// fewestDays is the span of metrics that the migration skill asks for.
const fewestDays = 7

// bytesPerGB is the unit in which the migration skill compares bytes with sizes.
const bytesPerGB = 1 << 30

// chooser is the choice for one cache in the making.
type chooser struct {
	cache    *posture.Cache
	measured bool        // metrics are at hand
	peaks    Peaks       // zero without metrics
	today    provisioned // zero where the size today is not known
	needGB   float64     // peak of the memory of all shards
	geo      posture.Tri // member of geo-replication
	choice   Choice
}

// For chooses the size for a cache of Azure Cache for Redis or its Enterprise tiers;
// peaks is nil where no metrics are at hand. The cache is one that
// [posture.Cache.Documented] returned.
func For(c *posture.Cache, peaks *Peaks) Choice {
	ch, why := newChooser(c, peaks)
	if ch == nil {
		return Choice{Why: why}
	}
	switch {
	case ch.today.flash:
		ch.withoutDefault()
	case ch.peaks.HasMemory:
		ch.byMetrics()
	case ch.today.named == "":
		ch.withoutDefault()
	default:
		ch.byTable()
	}
	if ch.measured {
		ch.warnOfMetrics()
	}
	slices.SortFunc(ch.choice.Alternatives, func(a, b Alternative) int {
		return cmp.Or(cmp.Compare(a.MemoryGB, b.MemoryGB), cmp.Compare(a.VCPUs, b.VCPUs), cmp.Compare(a.SKU, b.SKU))
	})
	return ch.choice
}

// Named returns the SKU that [For] chooses without metrics, and not its reasons; empty
// where the size is not known. The cache is one that [posture.Cache.Documented] returned.
func Named(c *posture.Cache) string {
	ch, _ := newChooser(c, nil)
	if ch == nil || ch.today.flash || ch.today.named == "" {
		return ""
	}
	chosen, _ := ch.tableSize()
	return chosen.SKU
}

// newChooser is the choice for a cache before it is made; it is nil where the size today
// is not known, with the sentence that says why.
func newChooser(c *posture.Cache, peaks *Peaks) (ch *chooser, why string) {
	if c.SKU.IsKnown() && service.OfCache(c) == service.ManagedRedis {
		if _, ok := Lookup(c.SKU.V); ok {
			return nil, "The cache is one of Azure Managed Redis already."
		}
	}
	sizes, hidden, odd := sizesToday(c)
	if odd != "" {
		return nil, odd
	}
	if len(sizes) == 0 {
		return nil, hidden
	}
	ch = &chooser{cache: c, measured: peaks != nil, geo: geoReplicated(c)}
	if ch.measured {
		ch.peaks = *peaks
	}
	alike := !slices.ContainsFunc(sizes, func(p provisioned) bool { return p.named != sizes[0].named || p.lesser != sizes[0].lesser })
	switch most := sizes[len(sizes)-1].shards; {
	case alike:
		ch.today = sizes[0]
		for _, p := range sizes[1:] {
			ch.today.SKU += " or " + p.SKU
		}
	case !ch.peaks.HasMemory:
		return nil, hidden
	case ch.peaks.Shards == 0 && most > 1:
		return nil, hidden + " The metrics are not split by ShardId: they show the memory of one shard."
	}
	ch.needGB = ch.peaks.UsedMemoryRSS / bytesPerGB
	if missing := ch.today.shards - max(ch.peaks.Shards, 1); missing > 0 {
		ch.needGB += float64(missing) * ch.peaks.ShardRSS / bytesPerGB
	}
	return ch, ""
}

// tableSize returns the size by Microsoft's tables, and the one that they name, which is
// smaller where it does not hold what the cache needs.
func (ch *chooser) tableSize() (chosen, named Size) {
	named, _ = Lookup(ch.today.named)
	chosen = named
	if !ch.fitsToday(named) {
		if larger, ok := ch.smallestOf(ch.fitsToday, named.series(), balanced, memoryOptimized); ok {
			chosen = larger
		}
	}
	return chosen, named
}

// fitsToday reports whether a size holds what the cache has today.
func (ch *chooser) fitsToday(s Size) bool {
	usable, own := ch.today.usableGB(ch.cache)
	return s.MemoryGB >= ch.today.MemoryGB && (!own || s.UsableGB() >= usable) && ch.connects(s) && ch.joins(s)
}

// byTable chooses what Microsoft's tables name for the provisioned size.
func (ch *chooser) byTable() {
	today := ch.today
	chosen, named := ch.tableSize()
	usable, own := today.usableGB(ch.cache)
	ch.choice.Size, ch.choice.Basis = chosen, ByTable
	ch.choice.Why = ch.tableSays(chosen, named)

	if own && usable > named.UsableGB() {
		ch.warn("The reservations of the cache leave %s for data today; %s can use %s.",
			gigabytes(usable), named.SKU, gigabytes(named.UsableGB()))
	}
	if lesser, ok := Lookup(today.lesser); ok && ch.connects(lesser) && ch.joins(lesser) {
		when := upTo(lesser)
		if own && usable <= lesser.UsableGB() {
			when = "the reservations of the cache leave no more than " + gigabytes(usable) + " for data, which it holds"
		}
		ch.offer(lesser, when)
	}
	if ch.connects(named) && ch.joins(named) {
		ch.offer(named, upTo(named))
	}
	if chosen.Preview {
		released := slices.DeleteFunc(slices.Clone(managed), func(s Size) bool { return s.Preview || !s.in(chosen.series()) })
		last := released[len(released)-1]
		ch.offer(last, "no size in preview is wanted, and "+upTo(last))
	}
	if today.source == fromDefaults {
		larger, ok := smallest(balanced, func(s Size) bool { return s.UsableGB() >= today.MemoryGB })
		if ok && chosen.UsableGB() < today.MemoryGB {
			ch.offer(larger, "more than "+gigabytes(chosen.UsableGB())+" are in use, which is all that the default can use")
		}
		ch.warn("Microsoft's tooling asks Azure before it takes a default (listSkusForScaling): %s.", ch.command())
	}
	ch.offerSeries(ch.fitsToday)
	ch.warnOfSize()
}

// tableSays is the sentence on a choice by table.
func (ch *chooser) tableSays(chosen, named Size) string {
	today := ch.today
	names := today.named
	if today.lesser != "" {
		names = today.lesser + " or " + today.named
	}
	basis := fmt.Sprintf("by provisioned memory (%s), because no metrics are at hand", gigabytes(today.MemoryGB))
	if ch.measured {
		basis = fmt.Sprintf("by provisioned memory (%s), because the metrics have no usedmemoryRss", gigabytes(today.MemoryGB))
	}
	why := fmt.Sprintf("%s of %s names %s for %s; the size is %s", today.table(), today.source.Date, names, today.SKU, basis)
	switch {
	case chosen != named:
		why += ", and larger than the table's, so that it holds what this cache needs"
	case today.lesser != "":
		why += ", so that the larger of the two is the safe one"
	}
	return why + "."
}

// byMetrics chooses the smallest size of the series that the metrics speak for that
// holds the peaks.
func (ch *chooser) byMetrics() {
	floor := ch.floor()
	fits := func(s Size) bool {
		return s.UsableGB() >= ch.needGB && s.MemoryGB >= floor.MemoryGB && ch.connects(s) && ch.joins(s)
	}
	wanted, because := ch.wanted()
	chosen, ok := ch.smallestOf(fits, wanted, balanced, memoryOptimized, computeOptimized)
	if b, found := smallest(balanced, fits); wanted == memoryOptimized && found && b.MemoryGB < chosen.MemoryGB {
		chosen, because = b, because+", of which no size is as small"
	}
	if !ok {
		ch.choice.Why = fmt.Sprintf("No size of Azure Managed Redis holds the peak of %s, by the sizes of %s.",
			gigabytes(ch.needGB), fromSpecs.Date)
		return
	}
	ch.choice.Size, ch.choice.Basis = chosen, ByMetrics
	headroom := 1 - ch.needGB/chosen.UsableGB()
	ch.choice.Why = fmt.Sprintf("The peak of %s%s leaves %s of the %s that %s can use; %s, by Microsoft's SKU mapping of %s.",
		gigabytes(ch.needGB), ch.span(), percent(headroom), gigabytes(chosen.UsableGB()), chosen.SKU, because, fromMapping.Date)
	if floor.SKU != "" {
		ch.choice.Why += fmt.Sprintf(" The metrics span %s only, so that the size is not below %s of the table.", ch.spanned(), floor.SKU)
	}

	if policy, known := told(ch.cache.EvictionPolicy); known && strings.EqualFold(policy, "noeviction") {
		ch.warn("The eviction policy lets no key go: writes fail once the %s of headroom are used up.", percent(headroom))
	}
	if all := ch.today.shards; all > 1 && ch.peaks.Shards < all {
		ch.warn("The metrics show %d of %d shards; each of the others counts as the greatest, %s. Metrics split by ShardId show all.",
			max(ch.peaks.Shards, 1), all, gigabytes(ch.peaks.ShardRSS/bytesPerGB))
	}
	if named, ok := Lookup(ch.today.named); ok && fits(named) {
		ch.offer(named, "the cache is to keep its provisioned memory of "+gigabytes(ch.today.MemoryGB))
	}
	if ch.today.source == fromDefaults {
		ch.warn("In place the cluster can take only a size that listSkusForScaling names: %s.", ch.command())
	}
	ch.offerSeries(fits)
	ch.warnOfSize()
}

// thin reports whether the metrics span less time than the migration skill asks for.
func (ch *chooser) thin() bool {
	return !ch.peaks.From.IsZero() && ch.peaks.To.Sub(ch.peaks.From) < (fewestDays*24-1)*time.Hour
}

// spanned is the time that thin metrics span.
func (ch *chooser) spanned() string { return spanText(ch.peaks.To.Sub(ch.peaks.From)) }

// floor is the size of the table, below which no choice by thin metrics goes; the zero
// value where there is none.
func (ch *chooser) floor() Size {
	if !ch.thin() || ch.today.named == "" || ch.today.flash {
		return Size{}
	}
	size, _ := ch.tableSize()
	return size
}

// wanted returns the series that the metrics speak for, and the clause that says why.
func (ch *chooser) wanted() (series, string) {
	if ch.today.SKU == "" {
		return balanced, "the series is Balanced, because the size today is not known"
	}
	if !ch.peaks.HasLoad {
		return balanced, "the series is Balanced, because the metrics have no serverLoad"
	}
	memory, load := ch.needGB/ch.today.MemoryGB, ch.peaks.ServerLoad
	told := fmt.Sprintf("with a server load of %s at most and %s of the memory in use", percent(load/100), percent(memory))
	switch {
	case load > highLoad && memory < lowMemory:
		return computeOptimized, told + " the series is ComputeOptimized"
	case memory > highMemory && load < lowLoad:
		return memoryOptimized, told + " the series is MemoryOptimized"
	}
	return balanced, told + " the series is Balanced"
}

// withoutDefault says that no table names a target for a size of the Enterprise
// tiers, and offers the size that the rule behind the default targets gives.
func (ch *chooser) withoutDefault() {
	today := ch.today
	ch.choice.Why = fmt.Sprintf("%s of %s has no target for %s; %s asks Azure (listSkusForScaling) which sizes the cluster can take.",
		today.table(), today.source.Date, today.SKU, ch.command())
	if today.MemoryGB == 0 {
		return
	}
	holds := func(s Size) bool { return s.UsableGB() >= today.MemoryGB }
	order := []series{balanced, memoryOptimized}
	if today.flash {
		order = []series{flashOptimized}
	}
	if s, ok := ch.smallestOf(holds, order...); ok {
		ch.offer(s, fmt.Sprintf("listSkusForScaling names it; an inference of this project, "+
			"the smallest size whose usable memory (%s) holds the %s of today", gigabytes(s.UsableGB()), gigabytes(today.MemoryGB)))
	}
}

// seriesChoices are the series of sizes in memory, and what decides for each.
var seriesChoices = []struct {
	series series
	when   string
}{
	{balanced, "load and data are in balance"},
	{memoryOptimized, fmt.Sprintf("there is more data than load: memory over %s in use, server load under %d %%",
		percent(highMemory), lowLoad)},
	{computeOptimized, fmt.Sprintf("there is more load than data: server load over %d %%, memory under %s in use",
		highLoad, percent(lowMemory))},
}

// offerSeries offers the smallest size of each other series that fits.
func (ch *chooser) offerSeries(fits func(Size) bool) {
	for _, o := range seriesChoices {
		s, ok := smallest(o.series, fits)
		tooLarge := o.series == memoryOptimized && s.MemoryGB > ch.choice.MemoryGB // it would save nothing
		if ok && o.series != ch.choice.series() && !tooLarge {
			ch.offer(s, o.when)
		}
	}
}

// offer adds an alternative, unless it is the choice or stands there already.
func (ch *chooser) offer(s Size, when string) {
	same := func(a Alternative) bool { return a.SKU == s.SKU }
	if s.SKU != ch.choice.SKU && !slices.ContainsFunc(ch.choice.Alternatives, same) {
		ch.choice.Alternatives = append(ch.choice.Alternatives, Alternative{Size: s, When: when})
	}
}

func (ch *chooser) warn(format string, args ...any) {
	ch.choice.Warnings = append(ch.choice.Warnings, fmt.Sprintf(format, args...))
}

// warnOfSize warns of what the chosen size cannot do.
func (ch *chooser) warnOfSize() {
	chosen, today := ch.choice.Size, ch.today
	if chosen.Preview {
		ch.warn("%s is in preview (%s).", chosen.SKU, fromPreview.Date)
	}
	if chosen.burstable() && !strings.EqualFold(ch.cache.Tier.V, "Basic") {
		ch.warn("%s with high availability can fail to be created where the region is short of capacity.", chosen.SKU)
	}
	if chosen.burstable() && ch.geo == posture.Maybe {
		ch.warn("%s cannot be a member of geo-replication, and this source does not show whether the cache is one.", chosen.SKU)
	}
	if today.Connections > chosen.Connections {
		ch.warn("%s takes at most %s connections; the cache today takes %s.", chosen.SKU, number(chosen.Connections), number(today.Connections))
	}
	if today.shards > mostListedShards {
		ch.warn("The most connections of a cache with %d shards are not sure: the list (%s) ends at %d shards.",
			today.shards, fromConfigure.Date, mostListedShards)
	}
}

// warnOfMetrics warns of what metrics lack and of peaks near a limit.
func (ch *chooser) warnOfMetrics() {
	p, chosen := ch.peaks, ch.choice.Size
	var missing []string
	for name, has := range map[string]bool{"usedmemoryRss": p.HasMemory, "serverLoad": p.HasLoad, "connectedclients": p.HasClients} {
		if !has {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		ch.warn("The metrics do not tell %s of the cache, which did not decide.", strings.Join(missing, " and "))
	}
	if ch.thin() {
		ch.warn("The metrics span %s; Microsoft's migration skill takes %d days.", ch.spanned(), fewestDays)
	}
	if chosen.SKU == "" {
		return
	}
	if p.HasLoad && !p.HasMemory && p.ServerLoad > highLoad {
		ch.warn("The server load peaked at %s: with less than %s of the memory in use, ComputeOptimized fits better.",
			percent(p.ServerLoad/100), percent(lowMemory))
	}
	if p.HasClients {
		all := p.Clients * max(ch.today.shards, 1)
		switch limit := nearLimit * float64(chosen.Connections); {
		case float64(p.Clients) > limit:
			ch.warn("The peak of %s connections is near or over the %s of %s.", number(p.Clients), number(chosen.Connections), chosen.SKU)
		case float64(all) > limit:
			ch.warn("%s connections at most were on one of %d shards; all together may have up to %s, and %s takes %s.",
				number(p.Clients), ch.today.shards, number(all), chosen.SKU, number(chosen.Connections))
		}
	}
}

// smallestOf returns the smallest size that fits, of the first series that has one.
func (ch *chooser) smallestOf(fits func(Size) bool, order ...series) (Size, bool) {
	for _, of := range order {
		if s, ok := smallest(of, fits); ok {
			return s, true
		}
	}
	return Size{}, false
}

// connects reports whether the connections at the peak stay clear of the limit of a
// size, or of the largest limit of all.
func (ch *chooser) connects(s Size) bool {
	return !ch.peaks.HasClients || s.Connections == mostConnections || float64(ch.peaks.Clients) <= nearLimit*float64(s.Connections)
}

// joins reports whether a size can be a member of geo-replication where it has to.
func (ch *chooser) joins(s Size) bool { return ch.geo != posture.True || s.GeoReplicable() }

// geoReplicated reports whether a cache is a member of geo-replication, which the
// tiers Premium and Enterprise have.
func geoReplicated(c *posture.Cache) posture.Tri {
	if service.OfCache(c) == service.Enterprise {
		return posture.Is(posture.Map(c.GeoReplicationGroup, func(group string) bool { return group != "" }), true)
	}
	switch {
	case len(c.Links.Items) > 0:
		return posture.True
	case posture.Is(c.RDBBackup, true).Or(posture.Is(c.AOFBackup, true)) == posture.True: // excludes geo-replication
		return posture.False
	case !maybe(c.Tier, "Premium"), !maybe(c.Family, "P"), c.Links.Observed && len(c.Links.Doubts) == 0:
		return posture.False
	}
	return posture.Maybe
}

// printable are the names that a command can hold as they are.
var printable = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._()-]*$`)

// command is the command that shows to which sizes a cluster can scale.
func (ch *chooser) command() string {
	c := ch.cache
	argument := func(v posture.Value[string], placeholder string) string {
		if got, ok := told(v); ok && printable.MatchString(got) {
			return got
		}
		return placeholder
	}
	group, subscription := argument(c.ResourceGroup, ""), ""
	known, _ := told(c.ResourceID)
	if id, ok := armid.Parse(known); ok {
		group = cmp.Or(group, argument(posture.Known(id.Group, ""), ""))
		if printable.MatchString(id.Subscription) {
			subscription = " --subscription " + id.Subscription
		}
	}
	return "`az redisenterprise list-skus-for-scaling --cluster-name " + argument(c.Name, "NAME") +
		" --resource-group " + cmp.Or(group, "GROUP") + subscription + "`"
}

// span writes the days of the metrics.
func (ch *chooser) span() string {
	if ch.peaks.From.IsZero() {
		return ""
	}
	return " (" + ch.peaks.From.UTC().Format(time.DateOnly) + " to " + ch.peaks.To.UTC().Format(time.DateOnly) + ")"
}

// spanText writes a span of less than a week.
func spanText(d time.Duration) string {
	if d < time.Hour {
		return "less than an hour"
	}
	if d < 48*time.Hour {
		return count(int(d.Hours()), "hour")
	}
	return count(int(d.Hours()/24), "day")
}

// upTo is the condition under which a size smaller than the provisioned one holds a cache.
func upTo(s Size) string { return "usedmemoryRss peaks at no more than " + gigabytes(s.UsableGB()) }
