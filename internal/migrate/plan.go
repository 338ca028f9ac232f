package migrate

import (
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// Options are what a plan depends on besides the cache.
type Options struct {
	Documents baseline.Documents // by which the target is judged
	Today     time.Time
	// Peaks are the metrics of the cache; nil where none are at hand.
	Peaks *sizing.Peaks
	// Order are the tags of the caches that move first, the first of all first.
	Order []Tag
}

// Tag is a tag of Azure with its value.
type Tag struct{ Key, Value string }

// For plans the move of one cache. before is the judgement of the cache.
func For(c *posture.Cache, before report.Cache, opts Options) Move { return Move{} }

// TargetPosture is the cache to which a cache moves, with the objects around it that
// are made anew, as far as they are known.
func TargetPosture(c *posture.Cache, move *Move) *posture.Cache { return &posture.Cache{} }

// Summarize counts caches.
func Summarize(moves []Move) Summary { return Summary{} }

// Waves divides the caches of a report that are to move into n waves, and writes the
// number of its wave into each: geo-replication partners together, caches with a
// blocker last, then by [Move.Order].
func Waves(r *Report, n int) {}

// Compare says what has changed since an earlier report, which was read from input.
func Compare(earlier, now *Report, input string) *Since { return &Since{} }

// Reasons returns why a run fails: onBlocker fails it while a cache has a certain
// blocker, after while a cache is to move and the day of the report is later; the zero
// time never does.
func Reasons(r *Report, onBlocker bool, after time.Time) []string { return nil }

// Differences returns all differences that this program knows, without what depends on
// a cache.
func Differences() []Difference { return nil }
