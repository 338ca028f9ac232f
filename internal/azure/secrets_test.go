package azure

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	azlog "github.com/Azure/azure-sdk-for-go/sdk/azcore/log"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// TestSecretsAreNeitherDecodedNorLogged: an answer that holds keys, as those to
// writes do, and a token leave no trace in the posture or in the SDK's log.
func TestSecretsAreNeitherDecodedNorLogged(t *testing.T) {
	var mu sync.Mutex
	var log strings.Builder
	azlog.SetListener(func(_ azlog.Event, text string) {
		mu.Lock()
		defer mu.Unlock()
		log.WriteString(text)
	})
	defer azlog.SetListener(nil)

	d := open(t, armtest.Options{})
	id := d.fake.PutCache(armtest.Cache{})
	d.fake.Inject(armtest.Fault{Path: theCache, Body: []byte(`{"id":"` + id + `","name":"cache","properties":{
		"sku":{"name":"Premium","family":"P","capacity":1},
		"accessKeys":{"primaryKey":"` + armtest.Canary + `"},
		"redisConfiguration":{"rdb-storage-connection-string":"` + armtest.Canary + `","aof-storage-connection-string-0":"` + armtest.Canary +
		`"}}}`)})
	c, err := d.reader.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if c.Tier.V != "Premium" {
		t.Error("the answer was not read")
	}
	if strings.Contains(fmt.Sprintf("%+v", c), armtest.Canary) {
		t.Error("the posture holds a secret")
	}
	mu.Lock()
	defer mu.Unlock()
	if log.Len() == 0 {
		t.Error("nothing was logged, so that this proves nothing")
	}
	if strings.Contains(log.String(), armtest.Canary) {
		t.Error("the log holds a secret")
	}
}
