package azure

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// The types of this file name what is read from an answer. What they do not
// name (access keys, connection strings, host names) is never decoded.

// field is a property of an answer: absent, present, or of a type that this
// api-version does not document.
type field[T any] struct {
	present bool
	odd     bool
	v       T
}

// UnmarshalJSON never fails, so that one odd property leaves the others known.
// A null and an empty string count as absent.
func (f *field[T]) UnmarshalJSON(raw []byte) error {
	if bytes.Equal(raw, []byte("null")) || bytes.Equal(raw, []byte(`""`)) {
		return nil
	}
	f.present = true
	f.odd = json.Unmarshal(raw, &f.v) != nil
	return nil
}

// word is a scalar of an answer as text: redisConfiguration writes numbers and
// truth values as strings, and not always.
type word string

// UnmarshalJSON takes strings, numbers and truth values.
func (w *word) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil {
		*w = word(s)
		return nil
	}
	var b bool
	if err := json.Unmarshal(raw, &b); err == nil {
		*w = word(strconv.FormatBool(b))
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	*w = word(n.String())
	return nil
}

// absence says what a missing property means.
type absence int

const (
	absentUnknown absence = iota // nobody documents what it means
	absentUnset                  // documented: not set, or the service's default
)

// fact turns a property into a fact. read says what a present value means, and
// false where it is none of the documented ones.
func fact[A, B any](f field[A], path string, missing absence, read func(A) (B, bool)) posture.Value[B] {
	switch {
	case f.odd:
		return posture.Undocumented[B](path)
	case !f.present && missing == absentUnset:
		return posture.Unset[B](path)
	case !f.present:
		return posture.Unknown[B](posture.ReasonNotObserved,
			path).WithDetail("Azure Resource Manager did not return it, and documents no default")
	}
	v, ok := read(f.v)
	if !ok {
		return posture.Undocumented[B](path)
	}
	return posture.Known(v, path)
}

func asIs[T any](v T) (T, bool) { return v, true }

func asText(v word) (string, bool) { return string(v), v != "" }

func asNumber(v word) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(string(v)))
	return n, err == nil
}

func asBool(v word) (bool, bool) {
	switch strings.ToLower(strings.TrimSpace(string(v))) {
	case "true":
		return true, true
	case "false":
		return false, true
	default:
		return false, false
	}
}

// not reads a property whose meaning is the opposite of the fact.
func not(v bool) (bool, bool) { return !v, true }

// asSwitch reads Enabled and Disabled.
func asSwitch(v word) (bool, bool) {
	switch strings.ToLower(string(v)) {
	case "enabled":
		return true, true
	case "disabled":
		return false, true
	default:
		return false, false
	}
}

// asRequired reads authnotrequired, of which no enumeration is published:
// azurerm writes yes and no, the article true.
func asRequired(v word) (bool, bool) {
	switch strings.ToLower(strings.TrimSpace(string(v))) {
	case "yes", "true":
		return false, true
	case "no", "false":
		return true, true
	default:
		return false, false
	}
}

// redis is Microsoft.Cache/redis 2024-11-01.
type redis struct {
	ID         string                   `json:"id"`
	Name       string                   `json:"name"`
	Location   field[word]              `json:"location"`
	Zones      field[[]string]          `json:"zones"`
	Tags       field[map[string]string] `json:"tags"`
	Properties field[redisProperties]   `json:"properties"`
}

type redisProperties struct {
	SKU                        field[redisSKU]             `json:"sku"`
	ShardCount                 field[int]                  `json:"shardCount"`
	SubnetID                   field[word]                 `json:"subnetId"`
	PublicNetworkAccess        field[word]                 `json:"publicNetworkAccess"`
	EnableNonSSLPort           field[bool]                 `json:"enableNonSslPort"`
	MinimumTLSVersion          field[word]                 `json:"minimumTlsVersion"`
	DisableAccessKeys          field[bool]                 `json:"disableAccessKeyAuthentication"`
	ZonalAllocationPolicy      field[word]                 `json:"zonalAllocationPolicy"`
	RedisVersion               field[word]                 `json:"redisVersion"`
	Configuration              field[redisConfiguration]   `json:"redisConfiguration"`
	PrivateEndpointConnections field[[]endpointConnection] `json:"privateEndpointConnections"`
}

type redisSKU struct {
	Name     field[word] `json:"name"`
	Family   field[word] `json:"family"`
	Capacity field[int]  `json:"capacity"`
}

// redisConfiguration names no connection string, so that none is decoded.
type redisConfiguration struct {
	AuthNotRequired   field[word] `json:"authnotrequired"`
	AADEnabled        field[word] `json:"aad-enabled"`
	RDBBackup         field[word] `json:"rdb-backup-enabled"`
	AOFBackup         field[word] `json:"aof-backup-enabled"`
	PersistenceMethod field[word] `json:"preferred-data-persistence-auth-method"`
	Maxmemory         field[word] `json:"maxmemory-reserved"`
	Maxfragmentation  field[word] `json:"maxfragmentationmemory-reserved"`
}

type endpointConnection struct {
	ID         string `json:"id"`
	Properties struct {
		PrivateEndpoint struct {
			ID string `json:"id"`
		} `json:"privateEndpoint"`
		State struct {
			Status field[word] `json:"status"`
		} `json:"privateLinkServiceConnectionState"`
	} `json:"properties"`
}
