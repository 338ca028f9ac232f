package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

var platformKeyEncryption = &Rule{
	ID: "DP-4/platform-key-encryption",
	Documentation: Documentation{
		Summary: "The platform encrypts data at rest with its own keys.",
		Why: "Azure does this by itself, and no property of the cache switches it. The smallest sizes, C0 and C1, have no encrypted " +
			"disk; advisory/disk-encryption-tier says so.",
		References: []Reference{refDisk},
	},
	Remedies: []Remedy{{
		Any: `nothing to configure; see advisory/disk-encryption-tier for C0 and C1`,
	}},
	Check: func(*posture.Cache) Verdict {
		return compliant("inherited from the platform, which encrypts data at rest with its own keys")
	},
}
