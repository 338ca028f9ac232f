package page

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
)

// TestJSON: what is written with one cache a line is what encoding/json reads and writes.
func TestJSON(t *testing.T) {
	name, wave := "a<b", migrate.Wave{Number: 1, Caches: []string{}}
	for _, caches := range [][]migrate.Move{{}, {{Name: &name, DisplayName: name}}, {{}, {}}} {
		r := &migrate.Report{FormatVersion: migrate.FormatVersion, Caches: caches, Waves: []migrate.Wave{wave}}
		var out bytes.Buffer
		if err := writeJSON(&out, r, Options{}); err != nil {
			t.Fatal(err)
		}
		want, err := jsonv2.Marshal(r) // no list is null
		if err != nil {
			t.Fatal(err)
		}
		var got, expected any
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%v: %s", err, out.Bytes())
		}
		if err := json.Unmarshal(want, &expected); err != nil || !reflect.DeepEqual(got, expected) {
			t.Errorf("%v: %s", err, out.Bytes())
		}
	}
}
