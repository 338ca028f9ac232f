package azure

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

func TestParseCacheID(t *testing.T) {
	const ok = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/c"
	for text, want := range map[string]string{
		ok: "",
		"/SUBSCRIPTIONS/S/resourcegroups/RG/PROVIDERS/microsoft.cache/Redis/C": "",
		ok + "/":                     "",
		ok + "/firewallRules/office": "not of a Microsoft.Cache/redis",
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/c": "Microsoft.Storage/storageAccounts, not of a " +
			"Microsoft.Cache/redis",
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/c": "",
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/c/databases/default": "is the id of a " +
			"Microsoft.Cache/redisEnterprise/databases, not of a",
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis":    "",
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/..": "not the id of a resource",
		"redis-eu": "not the id of a resource",
		"":         "not the id of a resource",
	} {
		_, err := ParseCacheID(text)
		switch {
		case strings.HasSuffix(text, "Microsoft.Cache/redis"):
			if err == nil {
				t.Errorf("%q: no error", text)
			}
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestParseCacheIDOf(t *testing.T) {
	text := service.ManagedRedis.ID("s", "rg", "c")
	if id, err := ParseCacheIDOf(service.ManagedRedis, text); err != nil || id.Name != "c" {
		t.Errorf("%+v, %v", id, err)
	}
	if _, err := ParseCacheIDOf(service.Redis, text); err == nil ||
		!strings.HasSuffix(err.Error(), "is the id of a Microsoft.Cache/redisEnterprise, not of a Microsoft.Cache/redis") {
		t.Error(err)
	}
}
