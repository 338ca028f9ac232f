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
}

// For plans the move of one cache. before is the judgement of the cache.
func For(c *posture.Cache, before report.Cache, opts Options) Move { return Move{} }

// TargetPosture is the cache to which a cache moves, with the objects around it that
// are made anew, as far as they are known.
func TargetPosture(c *posture.Cache, move *Move) *posture.Cache { return &posture.Cache{} }
