package azure

import (
	"strings"
	"testing"
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
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/c": "Azure Managed Redis",
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis":             "",
		"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/..":          "not the id of a resource",
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
