package tfplan

import "github.com/go-json-experiment/json/jsontext"

// plannedModule reads a module of planned_values. The changes say more than its
// values, so that only the addresses of caches are taken, each of which must have a
// change. Validating a resource in one call takes two thirds of the time of reading
// its tokens one by one.
func (r *reader) plannedModule(dec *jsontext.Decoder) error {
	return members(dec, func(name string) error {
		switch name {
		case "resources":
			return array(dec, func() error {
				raw, err := dec.ReadValue()
				if err != nil {
					return err
				}
				r.planned = true
				return r.plannedResource(raw)
			})
		case "child_modules":
			return array(dec, func() error { return r.plannedModule(dec) })
		default:
			return dec.SkipValue()
		}
	})
}

// plannedResource looks at address, mode and type, which Terraform writes first.
func (r *reader) plannedResource(raw jsontext.Value) error {
	in := &scanner{b: raw}
	if in.peek() != '{' {
		return &InputError{Cause: "the input is no plan: a resource is expected here", Path: "/planned_values"}
	}
	var address, mode, typ []byte
	in.enter()
	for (address == nil || mode == nil || typ == nil) && in.more('}') {
		switch string(in.name()) {
		case "address":
			address = in.skip()
		case "mode":
			mode = in.text()
		case "type":
			typ = in.text()
		default:
			in.skip()
		}
	}
	if t := resourceTypes[string(typ)]; t != nil && t.cache && string(mode) == "managed" && address != nil {
		r.plannedCaches = append(r.plannedCaches, string((&scanner{b: address}).text()))
	}
	return nil
}

// array reads an array, and refuses anything else but null.
func array(dec *jsontext.Decoder, item func() error) error {
	if kind := dec.PeekKind(); kind != '[' && kind != 'n' {
		return unexpectedKind(dec, "an array is expected here")
	}
	return items(dec, item)
}
