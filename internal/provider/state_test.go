package provider

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// TestStateSize: what Terraform keeps of one evaluation stays small, since state
// is read and written whole with every plan. A guard keeps an id alone.
func TestStateSize(t *testing.T) {
	const most = 16 << 10
	open := cacheWith(obj{
		"public_network_access_enabled": true, "non_ssl_port_enabled": true, "minimum_tls_version": "1.0",
		"access_keys_authentication_enabled": true, "sku_name": "Basic", "capacity": 0, "redis_version": "4",
	})
	for name, config := range map[string]obj{
		"compliant": {"cache": snapshotOf(t, cacheWith(nil), endpointTo(ordersID), logsOfCache(ordersID))},
		"bare":      {"cache": snapshotOf(t, cacheWith(nil))},
		"violated":  {"cache": snapshotOf(t, open)},
		"existing":  nil,
	} {
		tf := startProvider(t)
		tf.configure(withBlocks(nil))
		if config == nil {
			var fake *armtest.Server
			tf, fake = againstFake(t, nil)
			withPolicy(fake)
			config = obj{"resource_id": fake.PutCache(sound("redis-orders"))}
		}
		state, _ := tf.read(config)
		sizes := map[string]int{}
		for attribute, v := range state {
			raw, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			sizes[attribute] = len(raw)
		}
		raw, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %v", name, len(raw), sizes)
		if len(raw) > most {
			t.Errorf("%s: %d bytes, want at most %d: %v", name, len(raw), most, fmt.Sprint(sizes))
		}
	}
}
