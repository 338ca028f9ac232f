package fix

import "testing"

func TestPlainWords(t *testing.T) {
	t.Parallel()
	for comment, want := range map[string]bool{
		"#":                                     true,
		"# for the old importer":                true,
		"// Until 2027, port 6380 (TLS 1.2).\n": true,
		"/* don't: re-enable in v1.10! */":      true,
		"/* two\r\n   lines – here */":          true,
		"# für ältere Clients":                  true,
		"#old":                                  true,

		"# password: Sup3rS3CR3T!":      false,
		"# pw hunter2xyz":               false,
		"# hunter2":                     false,
		"/* Tr0ub4dor */":               false,
		"# TrouBaDor":                   false,
		"# TROUBADOR":                   false,
		"# x\n/* two\nTr0ub4dor */":     false,
		"# password: hunter":            false,
		"# (PW) hunter":                 false,
		"# the access key is swordfish": false,
		"# login: swordfish":            false,
		"# user swordfish":              false,
		"# correct-horse-battery":       false,
		"# correcthorsebatterystaple":   false,
		"# a=b":                         false,
		"# a_b":                         false,
		"# 123456":                      false,
		"# 10.0.0.1":                    false,
		"# p4ss":                        false,
		"# !§$%":                        false,
		"# https://host/path":           false,
	} {
		if got := plainWords(comment); got != want {
			t.Errorf("%q: got %v", comment, got)
		}
	}
}
