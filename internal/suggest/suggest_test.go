package suggest

import "testing"

func TestMisspelt(t *testing.T) {
	for wrote, want := range map[string]bool{
		"redisbaseline": true, "RedisBaseline": true, "redisbasline": true, "redisbaselines": true, "redisbaselnie": true, "redizbaseline": true,
		"azurebaseline": false, "baseline": false, "redis": false, "": false,
	} {
		if got := Misspelt(wrote, "redisbaseline"); got != want {
			t.Errorf("%s: %v", wrote, got)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	rules := []string{"NS-2/azure-private-link", "NS-2/disable-public-network-access", "DP-3/data-in-transit-encryption", "advisory/tier"}
	for _, c := range []struct {
		wrote string
		names []string
		want  string
	}{
		{"NS-2/azure-private-lnk", rules, "; did you mean NS-2/azure-private-link?"},
		{"ns-2/azure-private-link", rules, "; did you mean NS-2/azure-private-link?"},
		{"azure-private-link", rules, "; did you mean NS-2/azure-private-link?"},
		{"tier", rules, "; did you mean advisory/tier?"},
		{"NS-2", rules, "; did you mean NS-2/azure-private-link or NS-2/disable-public-network-access?"},
		{"something else", rules, ""},
		{"chek", []string{"check", "scan"}, "; did you mean check?"},
		{"txt", []string{"json", "text"}, "; did you mean text?"},
		{"hihg", []string{"high", "medium", "low"}, "; did you mean high?"},
		{"ihgh", []string{"high"}, "; did you mean high?"},
		{"gihh", []string{"high"}, ""},
		{"sunday", []string{"Monday", "Sunday", "Saturday"}, "; did you mean Sunday?"},
		{"", rules, ""},
		{"x", nil, ""},
	} {
		if got := DidYouMean(c.wrote, c.names); got != c.want {
			t.Errorf("%q: %q, want %q", c.wrote, got, c.want)
		}
	}
}
