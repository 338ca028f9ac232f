package tfplan

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Where the configuration's source is at hand, the values of root variables are read
// too, and the attributes of data sources that identify an object.

// keptOfData are the attributes of data sources that are kept; none is secret.
var keptOfData = []string{"id", "ids", "name", "names", "location", "resource_group_name", "virtual_network_name", "subscription_id",
	"tenant_id", "tags", "resources"}

func (r *reader) keepVariable(name string, raw []byte) {
	if r.keepSource {
		r.rootVariables[name] = bytes.Clone(raw)
	}
}

// readPriorState keeps data sources that were read while planning.
func (r *reader) readPriorState(dec *jsontext.Decoder) error {
	if !r.keepSource {
		return dec.SkipValue()
	}
	return members(dec, func(name string) error {
		if name != "values" {
			return dec.SkipValue()
		}
		return members(dec, func(name string) error {
			if name != "root_module" {
				return dec.SkipValue()
			}
			return r.readStateModule(dec)
		})
	})
}

func (r *reader) readStateModule(dec *jsontext.Decoder) error {
	return members(dec, func(name string) error {
		switch name {
		case "resources":
			return items(dec, func() error { return r.readStateResource(dec) })
		case "child_modules":
			return items(dec, func() error { return r.readStateModule(dec) })
		default:
			return dec.SkipValue()
		}
	})
}

// readStateResource relies on the order in which Terraform and OpenTofu write
// address and mode, before the values; in another order nothing is kept.
func (r *reader) readStateResource(dec *jsontext.Decoder) error {
	var address, mode string
	return members(dec, func(name string) error {
		switch name {
		case "address":
			return readString(dec, &address)
		case "mode":
			return readString(dec, &mode)
		case "values":
			if mode != "data" || address == "" {
				return dec.SkipValue()
			}
			kept := map[string][]byte{}
			r.data[address] = kept
			return members(dec, func(name string) error {
				if !slices.Contains(keptOfData, name) {
					return dec.SkipValue()
				}
				raw, err := dec.ReadValue()
				kept[name] = bytes.Clone(raw)
				return err
			})
		default:
			return dec.SkipValue()
		}
	})
}
