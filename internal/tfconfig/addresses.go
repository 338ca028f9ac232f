package tfconfig

import "slices"

// maxAddresses is the largest number of instances that Addresses lists; for more
// instances it says that they are not known.
const maxAddresses = 10000

// Addresses lists the instances of a resource in all instances of its module, as
// count and for_each make them. The resource is named by its address without keys.
// ok is false where the instances are not known.
func (e *Evaluator) Addresses(address string) (list []string, ok bool) {
	list, ok = e.addressesOf(address)
	if e.other != nil && ok {
		other, also := e.other.Addresses(address)
		ok = also && slices.Equal(list, other)
	}
	return list, ok
}

func (e *Evaluator) addressesOf(address string) (list []string, ok bool) {
	e.begin()
	a, err := parseAddress(address)
	if err != nil {
		return nil, false
	}
	modules := []*moduleInstance{e.root}
	for _, step := range a.module {
		var below []*moduleInstance
		for _, m := range modules {
			call, declared := m.calls[step.name]
			if !declared {
				return nil, false
			}
			x := e.expansion(m, call, "module."+step.name)
			if !x.known || len(below)+len(x.keys) > maxAddresses {
				return nil, false
			}
			for _, k := range x.keys {
				child := e.child(m, step.name, k)
				if child == nil {
					return nil, false
				}
				below = append(below, child)
			}
		}
		modules = below
	}
	for _, m := range modules {
		decl, declared := m.resources[a.resource]
		if !declared {
			return nil, false
		}
		x := e.expansion(m, decl, a.resource)
		if !x.known || len(list)+len(x.keys) > maxAddresses {
			return nil, false
		}
		for _, k := range x.keys {
			list = append(list, join(m.address, a.resource)+k.String())
		}
	}
	return list, true
}
