package azurecache

import (
	"errors"
	"strings"
	"testing"
)

// TestOnlyOursIsRemoved: a private endpoint that is not the caller's makes no way.
func TestOnlyOursIsRemoved(t *testing.T) {
	usual := PrivateEndpoint{}.path(cacheID)
	elsewhere := strings.Replace(usual, "/resourceGroups/", "/resourceGroups/net-", 1)
	have := func(id, subnet, status string) *PrivateEndpoint {
		return &PrivateEndpoint{ID: id, SubnetID: subnet, Location: "westeurope", Status: status}
	}
	for name, tt := range map[string]struct {
		have     *PrivateEndpoint
		want     PrivateEndpoint
		steps    string
		occupied bool
	}{
		"none, and ours": {have(usual, subnet, "Approved"), PrivateEndpoint{Ours: usual}, "without private endpoint", false},
		"none, and ours elsewhere": {have(elsewhere, subnet, "Approved"), PrivateEndpoint{Ours: strings.ToUpper(elsewhere)},
			"without private endpoint", false},
		"none, and theirs":            {have(usual, subnet, "Approved"), PrivateEndpoint{}, "", false},
		"as wished, theirs until now": {have(usual, subnet, "Approved"), PrivateEndpoint{SubnetID: subnet}, "", false},
		"as wished elsewhere":         {have(elsewhere, subnet, "Approved"), PrivateEndpoint{SubnetID: subnet, ID: elsewhere}, "", false},
		"theirs elsewhere":            {have(elsewhere, subnet, "Approved"), PrivateEndpoint{SubnetID: subnet}, "private endpoint", false},
		"ours in another subnet": {have(usual, subnet+"2", "Approved"), PrivateEndpoint{SubnetID: subnet, Ours: usual},
			"without private endpoint, private endpoint", false},
		"theirs in another subnet": {have(usual, subnet+"2", "Approved"), PrivateEndpoint{SubnetID: subnet}, "", true},
		"theirs in another region": {have(usual, subnet, "Approved"), PrivateEndpoint{SubnetID: subnet, Location: "northeurope"}, "",
			true},
		"as wished, and its connection gone": {have(usual, subnet, "Disconnected"), PrivateEndpoint{SubnetID: subnet},
			"without private endpoint, private endpoint", false},
		"as wished, and never made": {have(usual, "", ""), PrivateEndpoint{SubnetID: subnet},
			"without private endpoint, private endpoint", false},
	} {
		o, d := Observed{ID: cacheID, Location: "westeurope"}, Desired{ID: cacheID, Location: "westeurope"}
		o.PrivateEndpoint, d.PrivateEndpoint = tt.have, &tt.want
		var got []string
		for _, s := range privateEndpoint(o, d) {
			got = append(got, s.Name)
		}
		if text := strings.Join(got, ", "); text != tt.steps {
			t.Errorf("%s: got %q, want %q", name, text, tt.steps)
		}
		var occupied *OccupiedError
		if errors.As(Occupied(o, d), &occupied) != tt.occupied {
			t.Errorf("%s: occupied %v", name, occupied)
		}
	}
}
