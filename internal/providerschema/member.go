package providerschema

import (
	"encoding/json"
	"fmt"
)

// Member returns the value of an omitted member of an object in JSON; ok is false where it
// is not known. In the table a name stands for all objects, name@other for those in which
// the member other is known and not null, and name!other for those in which it is null.
func (a *Attribute) Member(name string, set, null func(other string) bool) (value string, ok bool) {
	for key, value := range a.members() {
		switch {
		case key == name:
			return string(value), true
		case len(key) <= len(name) || key[:len(name)] != name:
		case key[len(name)] == '@' && set(key[len(name)+1:]), key[len(name)] == '!' && null(key[len(name)+1:]):
			return string(value), true
		}
	}
	return "", false
}

func (a *Attribute) members() map[string]json.RawMessage {
	var all map[string]json.RawMessage
	if a.Members == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(a.Members), &all); err != nil {
		panic(fmt.Sprintf("providerschema: members of %s: %s", a.Name, err))
	}
	return all
}
