package azure

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// TestPrivateEndpoints: a resource and a scan say the same of the same connections.
func TestPrivateEndpoints(t *testing.T) {
	d := open(t, armtest.Options{})
	const at = "/subscriptions/" + armtest.DefaultSubscription + "/resourceGroups/net/providers/Microsoft.Network/privateEndpoints/"
	var connections []Connection
	id := d.fake.PutCache(armtest.Cache{Name: "cache"})
	for _, status := range []string{"Approved", "Disconnected", "Pending", "Rejected", "approved", "Odd", ""} {
		name := "pe" + string(rune('a'+len(connections)))
		connections = append(connections, Connection{EndpointID: at + name, Status: status})
		d.fake.PutChild(id, "privateEndpointConnections/"+name, map[string]any{
			"privateEndpoint": map[string]any{"id": at + name}, "privateLinkServiceConnectionState": map[string]any{"status": status}})
	}
	c, err := d.reader.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.PrivateEndpoints, PrivateEndpoints(connections)); diff != "" {
		t.Errorf("read and told (-read +told)\n%s", diff)
	}
}
