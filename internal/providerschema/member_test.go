package providerschema

import "testing"

// What an omitted member of an object is, for all objects or by another member.
func TestMember(t *testing.T) {
	a := &Attribute{Name: "o", Members: `{"a":true,"b@a":1,"b!a":null,"bb":"x"}`}
	is := func(yes bool) func(string) bool { return func(other string) bool { return yes && other == "a" } }
	for _, x := range []struct {
		name      string
		set, null bool
		want      string
		ok        bool
	}{
		{"a", false, false, "true", true}, {"b", true, false, "1", true}, {"b", false, true, "null", true},
		{"b", false, false, "", false}, {"bb", false, false, `"x"`, true}, {"c", true, true, "", false},
	} {
		if got, ok := a.Member(x.name, is(x.set), is(x.null)); got != x.want || ok != x.ok {
			t.Errorf("%+v: %q, %t", x, got, ok)
		}
	}
	if _, ok := (&Attribute{}).Member("a", is(true), is(true)); ok {
		t.Error("a table without members has one")
	}
}
